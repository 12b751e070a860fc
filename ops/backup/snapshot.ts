import postgres from "postgres"
import { connectionUrl, isTransactionPooler } from "../../server/database/connect.ts"
import { Refusal } from "../refusal.ts"

/** One session, with rows as PostgreSQL names them. */
export type Session = postgres.Sql<Record<never, never>>
type Transaction = postgres.ISql<Record<never, never>>

/** Any number that nothing else locks: "backup" in hexadecimal. */
const LOCK = 0x6261636b7570

export type Snapshot = {
  sql: Transaction
  /** What `pg_dump --snapshot` is given, good as long as `work` goes on. */
  name: string
}

/**
 * Opens one session of its own, in which every type has one text whatever the server or the role is set to, so that two
 * databases can be compared. Nothing in it has a time limit.
 */
export function openSession(url: string, applicationName: string): Session {
  if (isTransactionPooler(url))
    throw new Refusal(
      2,
      "The address leads to a transaction pooler: give the database's own (on Neon without -pooler).",
    )
  return postgres(connectionUrl(url), {
    max: 1,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: applicationName,
      TimeZone: "UTC",
      DateStyle: "ISO, YMD",
      IntervalStyle: "postgres",
      bytea_output: "hex",
      extra_float_digits: "1",
      search_path: "pg_catalog",
      // As text: the driver leaves out 0.
      statement_timeout: "0" as unknown as number,
      idle_in_transaction_session_timeout: "0" as unknown as number,
    },
  }) as unknown as Session
}

/** Does `work` in a session of the database at `url`, and says in a sentence why that can't be used. */
export async function withSession<T>(
  url: string,
  applicationName: string,
  work: (sql: Session) => Promise<T>,
): Promise<T> {
  const sql = openSession(url, applicationName)
  try {
    await sql`select 1`.catch((error) => {
      throw new Refusal(1, `The database ${placeOf(url)} can't be reached: ${error.message || error.code}.`)
    })
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/**
 * Does `work` on the database as it is at one moment, while others go on writing. Refuses (3) when another backup of the
 * same database is at work: two would only slow each other down.
 */
export async function withSnapshot<T>(sql: Session, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return (await sql.begin("isolation level repeatable read read only", async (sql) => {
    const [{ locked }] = await sql<[{ locked: boolean }]>`select pg_try_advisory_xact_lock(${LOCK}) as locked`
    if (!locked) throw new Refusal(3, `Another backup of this database is at work${await since(sql)}.`)
    const [{ name }] = await sql<[{ name: string }]>`select pg_export_snapshot() as name`
    return work({ sql, name })
  })) as T
}

/** Since when the other backup is at work; empty where this role may not see that. */
async function since(sql: Transaction): Promise<string> {
  const [other] = await sql<{ since: string | null }[]>`
    select to_char(xact_start, 'YYYY-MM-DD HH24:MI:SS "UTC"') as since
    from pg_stat_activity where application_name = 'docket backup' and pid <> pg_backend_pid() and xact_start is not null
    order by xact_start limit 1`
  return other?.since ? `, since ${other.since}` : ""
}

/** `docket at db.example.org`, without the password. */
export function placeOf(url: string): string {
  const { pathname, host } = new URL(url)
  return `${decodeURIComponent(pathname.slice(1))} at ${host}`
}
