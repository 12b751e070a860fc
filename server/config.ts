import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import { isTransactionPooler } from "./database/connect.ts"
import { misspelt } from "./misspelt.ts"
import { type AnyVariable, allVariables, type Config } from "./variables.ts"

export type { Config }

type Environment = Record<string, string | undefined>

/** Thrown with every fault at once; its message is for the operator and holds no secret. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`Docket cannot start:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`)
  }
}

/**
 * Reads every variable of server/variables.ts; each may also be given as `NAME_FILE`, a path to a file that holds
 * the value (Docker's and Swarm's secrets). Throws `ConfigError` with all faults. Opens nothing but those files.
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = allVariables.map(([name, variable]) => readVariable(name, variable, environment))
  const config = Object.fromEntries(read.map(({ name, value }) => [camel(name), value])) as Config
  const given = new Set(read.filter(({ isGiven }) => isGiven).map(({ name }) => name))
  const faults = [...read.flatMap(({ fault }) => fault ?? []), ...combinationFaults(config, given)]
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** What works but is probably not meant, in plain sentences for the log. */
export function configWarnings(config: Config, environment: Environment = process.env): string[] {
  const known = allVariables.flatMap(([name]) => [name, `${name}_FILE`])
  const warnings = misspelt(Object.keys(environment), known).map(
    ({ name, meant }) => `${name} is not a variable of Docket and does nothing. Did you mean ${meant}?`,
  )
  if (
    config.environment === "production" &&
    config.frontendUrl?.startsWith("http:") &&
    !isLoopback(new URL(config.frontendUrl).hostname)
  )
    warnings.push("FRONTEND_URL is http: passwords and sessions cross the network in the clear.")
  if (
    config.environment === "production" &&
    config.smtpHost &&
    !config.smtpUseTls &&
    !isLoopback(config.smtpHost)
  )
    warnings.push("SMTP_USE_TLS is false: letters cross the network in the clear.")
  return warnings
}

/** Whether letters can be sent at all. */
export const mailConfigured = (config: Config) =>
  config.smtpHost !== null || config.mailHttpsProvider !== null

/** Whether the page is served over HTTPS: cookies are `Secure` and HSTS is sent. */
export const servedOverHttps = (config: Config) => config.frontendUrl?.startsWith("https:") ?? false

type Read = { name: string; value: unknown; isGiven: boolean; fault?: string }

function readVariable(name: string, variable: AnyVariable, environment: Environment): Read {
  const unset = typeof variable.unset === "object" ? variable.unset.default : null
  const found = givenText(name, variable, environment)
  if (found === undefined)
    return {
      name,
      value: unset,
      isGiven: false,
      ...(variable.unset === "required" && { fault: `${name} is not set. ${variable.meaning}` }),
    }
  const parsed = "fault" in found ? found : variable.type.parse(found.text)
  return "fault" in parsed
    ? { name, value: unset, isGiven: true, fault: `${name} ${parsed.fault}.` }
    : { name, value: parsed.value, isGiven: true }
}

/** The text of a variable or of the file it names; nothing when it is not set, which an empty value means too. */
function givenText(
  name: string,
  { secret }: AnyVariable,
  environment: Environment,
): { text: string } | { fault: string } | undefined {
  const [direct, path] = [environment[name], environment[`${name}_FILE`]?.trim()]
  if (direct?.trim() && path) return { fault: `and ${name}_FILE are both set: keep one of them` }
  if (path) {
    try {
      // Editors and `echo` end a file with a line break that is not part of the value.
      const text = readFileSync(path, "utf8").replace(/\r?\n$/, "")
      return text.trim() === ""
        ? { fault: `is not in the file that ${name}_FILE names: ${path} is empty` }
        : cleaned(text, secret)
    } catch (error) {
      return {
        fault: `cannot be read: ${name}_FILE names ${path} (${(error as NodeJS.ErrnoException).code})`,
      }
    }
  }
  return direct?.trim() ? cleaned(direct, secret) : undefined
}

function cleaned(text: string, secret: boolean): { text: string } | { fault: string } {
  const trimmed = text.trim()
  if (secret && trimmed !== text) return { fault: "begins or ends with white space: remove it" }
  if (/^(["']).+\1$/s.test(trimmed))
    return { fault: "is wrapped in quotation marks, which are taken literally here: remove them" }
  return { text: trimmed }
}

/** Faults that no variable has by itself. */
function combinationFaults(config: Config, given: Set<string>): string[] {
  const faults = poolerFaults(config)
  const smtp = ["SMTP_PORT", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_USE_TLS"].filter((name) =>
    given.has(name),
  )
  const mail = given.has("SMTP_HOST") || given.has("MAIL_HTTPS_PROVIDER")
  if (given.has("SMTP_HOST") && given.has("MAIL_HTTPS_PROVIDER"))
    faults.push("SMTP_HOST and MAIL_HTTPS_PROVIDER are both set: letters go one way, so keep one of them.")
  if (!given.has("SMTP_HOST") && smtp.length > 0)
    faults.push(
      `${list(smtp)} ${smtp.length > 1 ? "are" : "is"} set, but SMTP_HOST is not: name the mail server too.`,
    )
  if (!mail && given.has("SMTP_FROM_EMAIL"))
    faults.push(
      "SMTP_FROM_EMAIL is set, but neither SMTP_HOST nor MAIL_HTTPS_PROVIDER is: no letter would be sent.",
    )
  if (mail && !given.has("SMTP_FROM_EMAIL"))
    faults.push("SMTP_FROM_EMAIL is not set, and letters need a sender, such as todo@example.org.")
  if (mail && !given.has("FRONTEND_URL"))
    faults.push("FRONTEND_URL is not set, and letters need it: it is where their links lead.")
  if (given.has("SMTP_USERNAME") !== given.has("SMTP_PASSWORD"))
    faults.push("SMTP_USERNAME and SMTP_PASSWORD go together: set both or neither.")
  if (given.has("MAIL_HTTPS_PROVIDER") !== given.has("MAIL_HTTPS_KEY"))
    faults.push("MAIL_HTTPS_PROVIDER and MAIL_HTTPS_KEY go together: set both or neither.")
  if (given.has("MAIL_HTTPS_URL") && !given.has("MAIL_HTTPS_PROVIDER"))
    faults.push("MAIL_HTTPS_URL is set, but MAIL_HTTPS_PROVIDER is not: name the provider too.")
  if (
    config.smtpPassword &&
    !config.smtpUseTls &&
    config.smtpHost &&
    !isLoopback(config.smtpHost) &&
    isPublicKind(config)
  )
    faults.push(
      "SMTP_USE_TLS is false, which would send SMTP_PASSWORD over the network in the clear: set it to true.",
    )
  if (given.has("ALERT_SMTP_URL") && !given.has("ALERT_EMAIL"))
    faults.push("ALERT_SMTP_URL is set, but ALERT_EMAIL is not: say who is written to.")
  if (given.has("ALERT_EMAIL") && !given.has("ALERT_SMTP_URL") && !mail)
    faults.push("ALERT_EMAIL is set, but no mail server is: set ALERT_SMTP_URL, or SMTP_HOST.")
  if (config.jwtSecretKeyPrevious !== null && config.jwtSecretKeyPrevious === config.jwtSecretKey)
    faults.push(
      "JWT_SECRET_KEY_PREVIOUS is the same as JWT_SECRET_KEY: give the key before it, or leave it out.",
    )
  return faults
}

/** A lock or a notification belongs to a session, and a pooler in transaction mode gives each transaction another. */
function poolerFaults({ databaseUrl, databaseDirectUrl }: Config): string[] {
  const direct =
    "the database's own address (on Neon the one without -pooler), for migrations, jobs and notifications"
  if (databaseDirectUrl !== null)
    return isTransactionPooler(databaseDirectUrl)
      ? [`DATABASE_DIRECT_URL leads to a transaction pooler: give ${direct}.`]
      : []
  // Faulty ones are null here, and told of by themselves.
  return databaseUrl !== null && isTransactionPooler(databaseUrl)
    ? [`DATABASE_URL leads to a transaction pooler, and DATABASE_DIRECT_URL is not set: give ${direct}.`]
    : []
}

const isPublicKind = ({ environment }: Config) => environment === "production" || environment === "staging"
const isLoopback = (host: string) =>
  host === "localhost" || host === "[::1]" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."))
const list = (names: string[]) => new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names)
const camel = (name: string) =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
