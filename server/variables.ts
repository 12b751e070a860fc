import {
  address,
  addressRanges,
  boolean,
  certificates,
  collectorHeaders,
  collectorUrl,
  databaseUrl,
  hostName,
  httpsUrl,
  integer,
  oneOf,
  origin,
  sender,
  sentryDsn,
  signingKey,
  smtpUrl,
  text,
  type VariableType,
} from "./variable-types.ts"

/** The value of an unset variable is `default`, or null when it may be left out, or a fault when it may not. */
type Variable<T, Unset> = {
  type: VariableType<T>
  unset: Unset
  meaning: string
  /** Never printed, not even in a fault. */
  secret: boolean
}

const required = <T>(type: VariableType<T>, meaning: string): Variable<T, "required"> => ({
  type,
  unset: "required",
  meaning,
  secret: false,
})
const optional = <T>(type: VariableType<T>, meaning: string): Variable<T, "optional"> => ({
  type,
  unset: "optional",
  meaning,
  secret: false,
})
const withDefault = <T>(
  type: VariableType<T>,
  value: NoInfer<T>,
  meaning: string,
): Variable<T, { default: T }> => ({ type, unset: { default: value }, meaning, secret: false })
const secret = <V extends object>(variable: V): V => ({ ...variable, secret: true })

/**
 * Every variable Docket reads, in the order and groups of the reference. `.env.example` and
 * docs/deployment/environment.md are generated from this table by `bun ops/document.ts`.
 */
export const variables = {
  Database: {
    DATABASE_URL: secret(required(databaseUrl, "PostgreSQL 18, where everything is kept.")),
    DATABASE_DIRECT_URL: secret(
      optional(
        databaseUrl,
        "The same database past a transaction pooler (PgBouncer, Neon's pooled address), for migrations, jobs and notifications. Not needed when `DATABASE_URL` is direct.",
      ),
    ),
    DATABASE_POOL_SIZE: withDefault(
      integer(1, 100),
      10,
      "Connections that one process opens for requests, at most.",
    ),
    DATABASE_STATEMENT_TIMEOUT_SECONDS: withDefault(
      integer(1, 300),
      10,
      "PostgreSQL ends a statement after this long.",
    ),
    MIGRATE_AT_START: withDefault(
      boolean,
      true,
      "Whether the server applies pending migrations before it listens. `false` where a deploy does it first: the server then needs no right to change tables, and refuses a database that lacks a migration.",
    ),
  },
  Accounts: {
    JWT_SECRET_KEY: secret(
      required(signingKey, "Signs access tokens. Make one with `openssl rand -base64 48`."),
    ),
    JWT_SECRET_KEY_PREVIOUS: secret(
      optional(signingKey, "The key before, still accepted for a quarter of an hour while keys are rotated."),
    ),
    REGISTRATION: withDefault(oneOf("open", "closed"), "open", "Whether strangers may register."),
  },
  "The page": {
    STATUS_PAGE_URL: optional(
      httpsUrl,
      "The public status page, which a monitor elsewhere writes: `/status` leads there.",
    ),
    FRONTEND_URL: optional(
      origin,
      "Where people open the page: links in letters lead there, and it is the only other origin that may call the API. With `https:`, cookies are `Secure` and HSTS is sent. Required with mail.",
    ),
  },
  Mail: {
    SMTP_HOST: optional(
      hostName,
      "The mail server. Without it, and without mail over HTTPS, no letters are sent and new accounts are active at once.",
    ),
    SMTP_PORT: withDefault(integer(1, 65535), 587, "587 begins with STARTTLS, 465 with TLS at once."),
    SMTP_USERNAME: optional(text, "Name to sign in to the mail server with."),
    SMTP_PASSWORD: secret(optional(text, "Password to sign in to the mail server with.")),
    SMTP_FROM_EMAIL: optional(sender, "The sender of every letter. Required with mail."),
    SMTP_USE_TLS: withDefault(
      boolean,
      true,
      "Letters only travel encrypted. `false` sends in the clear, for a relay on the same machine or network.",
    ),
    SMTP_CA: optional(
      certificates,
      "Certificates trusted besides the system's, for a mail server (or mail over HTTPS) with an authority of its own.",
    ),
    MAIL_HTTPS_PROVIDER: optional(
      oneOf("resend", "postmark", "brevo"),
      "Sends letters through this provider's HTTPS API instead of SMTP, for hosts where the ports of SMTP are closed.",
    ),
    MAIL_HTTPS_KEY: secret(optional(text, "The provider's API key (Postmark: the server token).")),
    MAIL_HTTPS_URL: optional(httpsUrl, "The provider's API, where it is not at its usual address."),
  },
  Alerts: {
    ALERT_EMAIL: optional(
      address,
      "Who is written to when the database is down, mail fails, a queue is old, the disk is low, requests fail. Use it with a webhook, since one way may be what is broken.",
    ),
    ALERT_SMTP_URL: secret(
      optional(
        smtpUrl,
        "The mail server for those letters, as in `smtp://name:password@smtp.elsewhere.example:587`: another one than people's letters go through. Without it they share it.",
      ),
    ),
    ALERT_WEBHOOK_URL: secret(
      optional(
        httpsUrl,
        "Where the same is sent as JSON, with the members that chats show (`text`, `content`).",
      ),
    ),
    DEAD_MAN_URL: secret(
      optional(
        httpsUrl,
        "Called every minute. The service behind it, outside of this host, reports when it hears nothing: the only sign of a dead host.",
      ),
    ),
    BACKUP_REPORT_TOKEN: secret(
      optional(
        signingKey,
        "What `ops backup` and `ops drill`, which run elsewhere, send to tell how they ended; `/health`, `/metrics` and the alerts then know how old the newest backup and proof are. Make it like `JWT_SECRET_KEY`.",
      ),
    ),
    SENTRY_DSN: secret(
      optional(
        sentryDsn,
        "A service that speaks Sentry's protocol, to which errors of the server and of the page are sent as they are in the log: without bodies, addresses and tokens.",
      ),
    ),
  },
  Server: {
    ENVIRONMENT: withDefault(
      oneOf("development", "test", "staging", "production"),
      "production",
      "What kind of installation this is. `bun dev` and `bun run test` set their own.",
    ),
    PORT: withDefault(integer(0, 65535), 8000, "Port to listen on; 0 takes a free one."),
    WORKERS: withDefault(
      integer(1, 64),
      1,
      "Processes that share the port, for hosts with a single container. Prefer replicas.",
    ),
    TRUSTED_PROXIES: withDefault(
      addressRanges,
      [],
      "Proxies whose `X-Forwarded-For` is believed, as in `10.0.0.0/8, fd00::/8`. Without it the caller is whoever connects.",
    ),
    PROXY_SECRET: secret(
      optional(
        signingKey,
        "What the rewrite on Vercel sends as `X-Proxy-Secret`: with it the caller's address is the one that Vercel gives, not Vercel's own. Make it like `JWT_SECRET_KEY`.",
      ),
    ),
    SHUTDOWN_DRAIN_SECONDS: withDefault(
      integer(0, 45),
      0,
      "How long to keep serving after SIGTERM, while a load balancer looks away. Never on Ctrl-C.",
    ),
    METRICS_TOKEN: secret(
      optional(
        signingKey,
        "What Prometheus sends as `Authorization: Bearer …` to read `/metrics`. Without it nothing is measured and the address does not exist. Make it like `JWT_SECRET_KEY`.",
      ),
    ),
    OTEL_EXPORTER_OTLP_ENDPOINT: optional(
      collectorUrl,
      "An OpenTelemetry collector, as in `http://collector:4318`: a span for each request and each of its statements is sent there by OTLP over HTTP (JSON). Without it none is made.",
    ),
    OTEL_EXPORTER_OTLP_HEADERS: secret(
      optional(
        collectorHeaders,
        "Headers that the collector wants, as in `authorization=Bearer%20…`, separated by commas and percent-encoded.",
      ),
    ),
    LOG_LEVEL: withDefault(
      oneOf("debug", "info", "warn", "error", "silent"),
      "info",
      "The least severe log line that is written.",
    ),
  },
}

type Groups = typeof variables
type UnionToIntersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never
type Flat = UnionToIntersection<Groups[keyof Groups]>
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Tail>>}`
  : Lowercase<S>
type ValueOf<V> = V extends Variable<infer T, infer Unset> ? (Unset extends "optional" ? T | null : T) : never

/** One camel-case member per variable: `DATABASE_URL` is `config.databaseUrl`. */
export type Config = { [Name in keyof Flat as Camel<Name & string>]: ValueOf<Flat[Name]> }

export type AnyVariable = Variable<unknown, "required" | "optional" | { default: unknown }>

/** Each variable with its name, in the table's order. */
export const allVariables: [string, AnyVariable][] = Object.values(variables).flatMap((group) =>
  Object.entries(group),
)
