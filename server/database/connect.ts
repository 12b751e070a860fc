import postgres from "postgres"

/** A pool or a transaction: what every query function takes first. */
export type Sql = postgres.ISql<Record<never, never>>
/** The pool, which alone can begin a transaction. */
export type Pool = postgres.Sql<Record<never, never>>

export type ConnectOptions = {
  /** Most connections this process holds open. */
  max: number
  /** PostgreSQL ends a statement after this many milliseconds. */
  statementTimeout: number
}

/** `timestamptz` as ISO 8601 in UTC with milliseconds: rows equal the wire shape. */
const timestamp = {
  to: 1184,
  from: [1184],
  serialize: String,
  parse: (text: string) => isoFromPostgres(text),
}
/** `date` stays `YYYY-MM-DD`; the driver would make it a moment. */
const date = { to: 1082, from: [1082], serialize: String, parse: (text: string) => text }
/** `bigint` is only used for revs, which stay far below 2^53. */
const bigint = { to: 20, from: [20], serialize: String, parse: Number }

/**
 * Opens a pool. Nothing is connected until the first query.
 *
 * URLs of hosted databases carry options that postgres.js would pass on as startup parameters
 * (`channel_binding`) or that switch verification off (`sslmode=require`): see `connectionUrl`.
 */
export function connect(url: string, { max, statementTimeout }: ConnectOptions): Pool {
  return postgres(connectionUrl(url), {
    max,
    idle_timeout: 60,
    connect_timeout: 5,
    max_lifetime: 30 * 60,
    onnotice: () => {},
    connection: { application_name: "docket", statement_timeout: statementTimeout, TimeZone: "UTC" },
    types: { timestamp, date, bigint },
    transform: {
      undefined: null,
      column: { from: postgres.toCamel, to: postgres.fromCamel },
    },
  }) as unknown as Pool
}

/** The URL without parameters that postgres.js hands to the server as startup parameters. */
export function connectionUrl(url: string): string {
  const parsed = new URL(url)
  parsed.searchParams.delete("channel_binding")
  if (parsed.searchParams.get("sslmode") === "require") parsed.searchParams.set("sslmode", "verify-full")
  return parsed.href
}

/** `2026-01-31 12:00:00.123456+00` → `2026-01-31T12:00:00.123Z`. Sessions run in UTC, so the offset is always `+00`. */
function isoFromPostgres(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, "0").slice(0, 3)}Z`
}
