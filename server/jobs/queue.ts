import { PgBoss } from "pg-boss"
import type { Logger } from "pino"
import postgres from "postgres"
import { connectionUrl, type Sql } from "../database/connect.ts"

export type QueueOptions = {
  /** A connection that keeps its session: DATABASE_DIRECT_URL where DATABASE_URL goes through a pooler. */
  url: string
  log: Logger
  /** Whether this process looks after the queue (expiry, retention, schedules); off in tests of other things. */
  supervise?: boolean
}

/** pg-boss on one connection of postgres.js. `stop` waits for the jobs in hand, at most `timeout` milliseconds. */
export type Queue = { boss: PgBoss; stop: (timeout?: number) => Promise<void> }

/**
 * Starts the job queue on the schema that migrations/0003_jobs.sql made: nothing is created or migrated here, so
 * a process of another release never changes the schema under this one.
 */
export async function startQueue({ url, log, supervise = true }: QueueOptions): Promise<Queue> {
  const connection = connectQueue(url)
  const boss = new PgBoss({
    db: oneAtATime(connection),
    migrate: false,
    createSchema: false,
    supervise,
    schedule: supervise,
    // Rebuilding an index is an operator's decision, and cannot run on a connection that workers wait for.
    reindex: false,
  })
  boss.on("error", reportFaults(log))
  boss.on("warning", ({ message, data }) => log.warn({ ...data }, message))
  const stop = async (timeout = 10_000) => {
    await boss.stop({ graceful: true, timeout }).finally(() => connection.end({ timeout: 1 }))
  }
  try {
    await boss.start()
  } catch (error) {
    await stop(0)
    throw error
  }
  return { boss, stop }
}

/** pg-boss reads rows as node-postgres gives them: column names and types as they are, no transforms. */
function connectQueue(url: string): postgres.Sql {
  const json = {
    to: 114,
    from: [114, 3802],
    // pg-boss sends JSON already written; the driver would write it once more, as a string.
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string) => JSON.parse(text),
  }
  return postgres(connectionUrl(url), {
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: "docket jobs", statement_timeout: 60_000, TimeZone: "UTC" },
    types: { json },
  }) as unknown as postgres.Sql
}

type Database = { executeSql: (text: string, values?: unknown[]) => Promise<{ rows: Row[] }> }
// biome-ignore lint/suspicious/noExplicitAny: pg-boss's own type for the rows of whatever it asks.
type Row = any

/**
 * One statement after the other: pg-boss sends scripts that begin and commit by themselves, and one that fails
 * half-way leaves the connection in an aborted transaction, which is rolled back before anything else runs.
 */
function oneAtATime(connection: postgres.Sql): Database {
  let last: Promise<unknown> = Promise.resolve()
  const run = async (text: string, values?: unknown[]) => {
    try {
      return { rows: flatten(await connection.unsafe(text, values as never[])) }
    } catch (error) {
      if (/^\s*BEGIN\b/i.test(text)) await connection.unsafe("rollback").catch(() => {})
      throw error
    }
  }
  return {
    executeSql: (text, values) => {
      const result = last.then(() => run(text, values))
      last = result.catch(() => {})
      return result
    },
  }
}

/** A script of several statements answers with one list of rows for each. */
const flatten = (result: Row[]): Row[] => (result.some(Array.isArray) ? result.flat() : [...result])

/** Lets `boss.send(…, { db: inTransaction(sql) })` join the caller's transaction. */
export const inTransaction = (sql: Sql): Database => ({
  executeSql: async (text, values) => ({ rows: [...(await sql.unsafe(text, values as never[]))] }),
})

/** While the database is away every poll fails the same way: one line a minute for each message is enough. */
function reportFaults(log: Logger) {
  const reported = new Map<string, number>()
  return (error: Error) => {
    const message = error.message.replace(/ \(Queue: .*\)$/, "")
    const now = Date.now()
    if (now - (reported.get(message) ?? Number.NEGATIVE_INFINITY) < 60_000) return
    if (reported.size > 100) reported.clear()
    reported.set(message, now)
    log.error({ err: error }, `The job queue has a fault: ${message}`)
  }
}
