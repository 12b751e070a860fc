import { type Config, configWarnings, mailConfigured } from "../../server/config.ts"
import { isTransactionPooler } from "../../server/database/connect.ts"
import { senderOf } from "../../server/mail/sender.ts"

/** What the server's variables come to; of secrets only whether they are there. */
export type ConfigFacts = {
  environment: string
  frontendUrl: string | null
  trustedProxies: string[]
  registration: string
  poolSize: number
  /** Whether DATABASE_URL is taken for a transaction pooler, and whether there is a way past it. */
  pooled: boolean
  hasDirectUrl: boolean
  mail: { way: string; from: string; encrypted: boolean } | null
  /** How the server tells of trouble, and whether something outside hears when it does not. */
  alerts: { ways: string[]; deadMan: boolean }
  /** What works but is probably not meant, a sentence each. */
  warnings: string[]
}

export function configFacts(config: Config): ConfigFacts {
  const { environment, frontendUrl, trustedProxies, registration, databasePoolSize } = config
  return {
    environment,
    frontendUrl,
    trustedProxies,
    registration,
    poolSize: databasePoolSize,
    pooled: isTransactionPooler(config.databaseUrl),
    hasDirectUrl: config.databaseDirectUrl !== null,
    mail: mailConfigured(config)
      ? {
          way: config.mailHttpsProvider
            ? `${config.mailHttpsProvider} over HTTPS`
            : `${config.smtpHost}:${config.smtpPort}`,
          from: senderOf(config).address,
          encrypted: config.mailHttpsProvider !== null || config.smtpUseTls,
        }
      : null,
    alerts: {
      ways: [
        ...(config.alertEmail === null
          ? []
          : [config.alertSmtpUrl === null ? "the application's mail" : "mail of its own"]),
        ...(config.alertWebhookUrl === null ? [] : ["webhook"]),
      ],
      deadMan: config.deadManUrl !== null,
    },
    warnings: configWarnings(config),
  }
}
