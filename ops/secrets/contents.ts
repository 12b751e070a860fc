import {
  collectorHeaders,
  databaseUrl,
  httpsUrl,
  sentryDsn,
  signingKey,
  smtpUrl,
  text,
  type VariableType,
} from "../../server/variable-types.ts"
import { Refusal } from "../refusal.ts"
import type { SecretName } from "../swarm/secrets.ts"

/** The login roles that the server changes between, so that a password is replaced with no connection refused. */
export const SERVER_ROLES = ["docket_server_1", "docket_server_2"] as const

/** The role in the URL of each secret that holds one (ops/database/roles.sh makes them). */
export const databaseRoles = {
  "database-url": SERVER_ROLES[0],
  "database-owner-url": "docket_owner",
  "database-backup-url": "docket_backup",
  "database-monitor-url": "docket_monitor",
} satisfies Partial<Record<SecretName, string>>

/** 256 random bits, of characters that need no escape in a URL, a shell or SQL. */
export const randomPassword = () =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")

/** Where `role` finds the database that is in the stack, with a new password. */
export const stackDatabaseUrl = (role: string) =>
  `postgres://${role}:${randomPassword()}@database:5432/docket`

/**
 * `given` as it will be stored: without the line break that editors and `echo` end a file with. Refuses (2) what the
 * server would not start with; the sentence never holds the content.
 */
export function checkedContent(name: SecretName, given: string): string {
  const content = given.replace(/\r?\n$/, "")
  if (content.trim() === "") throw new Refusal(2, `${name} would be empty: nothing is stored.`)
  if (content.trim() !== content)
    throw new Refusal(2, `${name} begins or ends with white space: remove it. Nothing is stored.`)
  const parsed = typeOf(name).parse(content)
  if ("fault" in parsed) throw new Refusal(2, `${name} ${parsed.fault}. Nothing is stored.`)
  return content
}

/** As the variable that the secret becomes. */
function typeOf(name: SecretName): VariableType<unknown> {
  if (name.startsWith("database-")) return databaseUrl
  if (name.startsWith("jwt-") || name === "metrics-token" || name === "backup-report-token") return signingKey
  if (name === "alert-smtp-url") return smtpUrl
  if (name === "sentry-dsn") return sentryDsn
  if (name === "otel-exporter-otlp-headers") return collectorHeaders
  return name === "alert-webhook-url" || name === "dead-man-url" ? httpsUrl : text
}
