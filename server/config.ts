/**
 * Every variable Docket reads, in one table. `.env.example` and docs/deployment/environment.md are generated
 * from it, and `readConfig` reports all faults at once. Each variable may also be given as `NAME_FILE`, a path
 * to a file that holds the value (Docker and Swarm secrets).
 */

type Parsed<T> = { value: T } | { fault: string }

type Variable<T> = {
  parse: (text: string) => Parsed<T>
  /** The value when the variable is not set; `required` when there is none. */
  default: T | "required"
  meaning: string
  /** Never printed, not even in a fault. */
  secret?: boolean
}

const text = (value: string): Parsed<string> => ({ value })
const optionalText = (value: string): Parsed<string | null> => ({ value: value || null })
const boolean = (value: string): Parsed<boolean> =>
  value === "true" || value === "false" ? { value: value === "true" } : { fault: "must be true or false" }
const integer =
  (least: number, most: number) =>
  (value: string): Parsed<number> =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
      ? { value: Number(value) }
      : { fault: `must be a whole number from ${least} to ${most}` }
const oneOf =
  <T extends string>(...choices: T[]) =>
  (value: string): Parsed<T> =>
    choices.includes(value as T) ? { value: value as T } : { fault: `must be one of ${choices.join(", ")}` }
const commaSeparated = (value: string): Parsed<string[]> => ({
  value: value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
})

const define = <T>(variable: Variable<T>) => variable

export const variables = {
  DATABASE_URL: define({
    parse: text,
    default: "required",
    meaning: "PostgreSQL 18 connection URL.",
    secret: true,
  }),
  DATABASE_DIRECT_URL: define<string | null>({
    parse: optionalText,
    default: null,
    meaning:
      "Connection URL that bypasses a transaction pooler, for migrations and jobs; DATABASE_URL when not set.",
    secret: true,
  }),
  DATABASE_POOL_SIZE: define({
    parse: integer(1, 100),
    default: 10,
    meaning: "Most database connections a process opens for requests.",
  }),
  DATABASE_STATEMENT_TIMEOUT_SECONDS: define({
    parse: integer(1, 300),
    default: 10,
    meaning: "PostgreSQL ends a statement after this long.",
  }),
  JWT_SECRET_KEY: define({
    parse: text,
    default: "required",
    meaning: "Signs access tokens; at least 32 characters.",
    secret: true,
  }),
  JWT_SECRET_KEY_PREVIOUS: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "The key before, still accepted while rotating.",
    secret: true,
  }),
  FRONTEND_URL: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "Where the page is served: links in letters lead there, and it is the allowed origin.",
  }),
  SMTP_HOST: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "Mail server. Without it (and without another way to send) no letters are sent.",
  }),
  SMTP_PORT: define({
    parse: integer(1, 65535),
    default: 587,
    meaning: "587 uses STARTTLS, 465 implicit TLS.",
  }),
  SMTP_USERNAME: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "Name to sign in to the mail server with.",
  }),
  SMTP_PASSWORD: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "Password to sign in to the mail server with.",
    secret: true,
  }),
  SMTP_FROM_EMAIL: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "The sender of every letter.",
  }),
  SMTP_USE_TLS: define({
    parse: boolean,
    default: true,
    meaning: "STARTTLS is required; false sends in the clear (development only).",
  }),
  SMTP_CA: define<string | null>({
    parse: optionalText,
    default: null,
    meaning:
      "Certificates (PEM) trusted besides the system's for the mail server, or for mail over HTTPS: for a server with an authority of its own.",
  }),
  MAIL_HTTPS_PROVIDER: define<"resend" | "postmark" | "brevo" | null>({
    parse: oneOf("resend", "postmark", "brevo"),
    default: null,
    meaning: "Sends letters through this provider's HTTPS API, where the ports of SMTP are closed.",
  }),
  MAIL_HTTPS_KEY: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "The provider's API key (Postmark: the server token).",
    secret: true,
  }),
  MAIL_HTTPS_URL: define<string | null>({
    parse: optionalText,
    default: null,
    meaning: "The provider's API where it is not at its usual address.",
  }),
  LOG_LEVEL: define({
    parse: oneOf("debug", "info", "warn", "error", "silent"),
    default: "info" as const,
    meaning: "The least severe log line written.",
  }),
  ENVIRONMENT: define({
    parse: oneOf("development", "test", "staging", "production"),
    default: "production" as const,
    meaning: "What kind of installation this is.",
  }),
  PORT: define({ parse: integer(0, 65535), default: 8000, meaning: "Port to listen on." }),
  WORKERS: define({
    parse: integer(1, 64),
    default: 1,
    meaning: "Processes that share the port, for hosts with a single container.",
  }),
  TRUSTED_PROXIES: define<string[]>({
    parse: commaSeparated,
    default: [],
    meaning: "Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed.",
  }),
  REGISTRATION: define({
    parse: oneOf("open", "closed"),
    default: "open" as const,
    meaning: "Whether strangers may register.",
  }),
  SHUTDOWN_DRAIN_SECONDS: define({
    parse: integer(0, 45),
    default: 0,
    meaning: "How long to keep serving after SIGTERM, while the load balancer looks away.",
  }),
}

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<S>
type ValueOf<V> = V extends { parse: (text: string) => Parsed<infer T> } ? T : never
type Variables = typeof variables

/** One camel-case member per variable: `DATABASE_URL` is `config.databaseUrl`. */
export type Config = { [Name in keyof Variables as Camel<Name & string>]: ValueOf<Variables[Name]> }

/** Thrown with every fault at once; its message is for the operator and holds no secret. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`Docket cannot start:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`)
  }
}

/** Reads the table from `environment`. Throws `ConfigError` with all faults. Opens nothing but `NAME_FILE` files. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const faults: string[] = []
  const config: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries(variables) as [string, Variable<unknown>][]) {
    const given = environment[name]
    if (given === undefined || given === "") {
      if (variable.default === "required") faults.push(`${name} is not set. ${variable.meaning}`)
      else config[camel(name)] = variable.default
      continue
    }
    const parsed = variable.parse(given)
    if ("fault" in parsed) faults.push(`${name} ${parsed.fault}.`)
    else config[camel(name)] = parsed.value
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config as Config
}

/** Whether letters can be sent at all. */
export const mailConfigured = (config: Config) =>
  config.smtpHost !== null || config.mailHttpsProvider !== null

/** Whether the page is served over HTTPS: cookies are `Secure` and HSTS is sent. */
export const servedOverHttps = (config: Config) => config.frontendUrl?.startsWith("https:") ?? false

const camel = (name: string) =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
