import postgres from "postgres"

/** A pool or a transaction: what every query function takes first. */
export type Sql = postgres.ISql<Record<never, never>>
/** The pool, which alone can begin a transaction. */
export type Pool = postgres.Sql<Record<never, never>>
/** A part of a statement. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>

export type ConnectOptions = {
  /** Most connections this process holds open. */
  max: number
  /** PostgreSQL ends a statement after this many milliseconds; 0 for never. Not through a transaction pooler. */
  statementTimeout: number
}

/** Seconds. A server that takes longer to let anyone in is as good as away. */
const CONNECT_TIMEOUT = 5
/**
 * Milliseconds after which a transaction that nothing is asked of is ended: of a process that hangs, which would hold up
 * everyone who wants the rows that it has locked.
 */
const MOST_IDLE_IN_TRANSACTION = 5_000
/** Seconds between tries while the database is away; the driver's own grow to 20, which is long after it is back. */
const MOST_BACKOFF = 1

/**
 * Opens a pool. Nothing is connected until the first query, and what was lost is connected again at the next one.
 *
 * Sessions run in UTC and rows are the wire's shape: camel-case columns, `timestamptz` as ISO 8601, `date` as
 * `YYYY-MM-DD`, `bigint` (only used for revs, far below 2^53) as a number.
 */
export function connect(url: string, { max, statementTimeout }: ConnectOptions): Pool {
  const pooled = isTransactionPooler(url)
  return postgres(connectionUrl(url), {
    max,
    idle_timeout: 60,
    connect_timeout: CONNECT_TIMEOUT,
    max_lifetime: 30 * 60,
    // The types say boolean; the driver takes a function of the number of tries, in seconds.
    backoff: ((tries: number) => Math.min(MOST_BACKOFF, 0.05 * 2 ** tries)) as unknown as boolean,
    // A statement prepared in one transaction is looked for in another server's session by the next.
    prepare: !pooled,
    onnotice: () => {},
    connection: {
      application_name: "docket",
      TimeZone: "UTC",
      // Sent for 0 too, as text, which the driver would leave out: a pooler that is not known by its URL then refuses
      // the first connection (reachable.ts), and not the first request.
      ...(pooled
        ? {}
        : {
            statement_timeout: `${statementTimeout}` as unknown as number,
            idle_in_transaction_session_timeout: MOST_IDLE_IN_TRANSACTION,
          }),
    },
    types: { timestamp, date, bigint },
    transform: {
      undefined: null,
      column: { from: postgres.toCamel, to: postgres.fromCamel },
    },
  }) as unknown as Pool
}

const timestamp = {
  to: 1184,
  from: [1184],
  serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)),
  parse: (text: string) => isoFromPostgres(text),
}
/** The driver would make it a moment. */
const date = { to: 1082, from: [1082], serialize: String, parse: (text: string) => text }
const bigint = { to: 20, from: [20], serialize: String, parse: Number }

/**
 * Whether `url` leads to a pooler in transaction mode, like Neon's and Supabase's: the host is named so, or the
 * URL says `pgbouncer=true`, as it does for other tools.
 */
export function isTransactionPooler(url: string): boolean {
  const { hostname, port, searchParams } = new URL(url)
  return (
    /-pooler\./.test(`${hostname}.`) ||
    (hostname.endsWith(".pooler.supabase.com") && port === "6543") ||
    searchParams.get("pgbouncer") === "true"
  )
}

/** Parameters of a URL that mean something to the driver or to PostgreSQL itself. */
const KNOWN_PARAMETERS = new Set(["sslmode", "options", "target_session_attrs", "connect_timeout"])

/**
 * The URL as the driver understands it. It would hand every parameter that it does not know on to the server, which
 * refuses the connection (`channel_binding`, `pgbouncer`), and takes `sslmode=require` as encryption to anyone:
 * certificates are verified here.
 */
export function connectionUrl(url: string): string {
  const parsed = new URL(url)
  for (const name of [...parsed.searchParams.keys()]) {
    if (!KNOWN_PARAMETERS.has(name)) parsed.searchParams.delete(name)
  }
  if (parsed.searchParams.get("sslmode") === "require") parsed.searchParams.set("sslmode", "verify-full")
  return parsed.href
}

/**
 * `2026-01-31 12:00:00.123456+00` as `2026-01-31T12:00:00.123Z`: truncated like the driver's, never rounded into
 * the next second. Years outside 1 to 9999 as ISO 8601 expands them; `infinity` stays what it is.
 */
export function isoFromPostgres(text: string): string {
  // The common case by position: this runs twice or more for every row that is read.
  if (text[10] === " " && text.endsWith("+00")) {
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, "0").slice(0, 3)}Z`
  }
  const parts = /^(\d{4,})(-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00( BC)?$/.exec(text)
  if (!parts) return text
  const [, year, day, time, fraction = "", beforeChrist] = parts
  const astronomical = beforeChrist ? 1 - Number(year) : Number(year)
  const sign = astronomical < 0 ? "-" : "+"
  const expanded =
    astronomical >= 0 && astronomical <= 9999
      ? String(astronomical).padStart(4, "0")
      : sign + String(Math.abs(astronomical)).padStart(6, "0")
  return `${expanded}${day}T${time}.${fraction.padEnd(3, "0").slice(0, 3)}Z`
}
