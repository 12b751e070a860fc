import { readConfig } from "../../server/config.ts"
import { connect, type Pool } from "../../server/database/connect.ts"
import { type EmbeddedDatabase, startEmbedded } from "../../server/database/embedded.ts"
import { migrate } from "../../server/database/migrate.ts"
import { overseeTransactions } from "../../server/database/transactions.ts"
import { createAccessTokens } from "../../server/sessions/access-token.ts"
import { seed } from "../../server/testing/seed.ts"

const root = `${import.meta.dir}/../..`

/** `people` have five lists of ten todos each, and one person has `manyTodos` in ten lists. */
export type Size = { people: number; manyTodos: number }
export type Person = { accountId: string; token: string }
export type BenchDatabase = {
  cluster: EmbeddedDatabase
  sql: Pool
  /** What a server needs to serve it. */
  environment: Record<string, string>
  people: Person[]
  /** Who has many todos. */
  busy: Person
}

/** A database made anew, on PostgreSQL as it is in production: every commit waits for the disk. Everyone is signed in. */
export async function benchDatabase({ people, manyTodos }: Size): Promise<BenchDatabase> {
  const cluster = await startEmbedded("bench-sync")
  const admin = connect(cluster.url("postgres"), { max: 1, statementTimeout: 0 })
  await admin`drop database if exists bench_sync with (force)`
  await admin`create database bench_sync`
  await admin.end()
  const environment = {
    DATABASE_URL: cluster.url("bench_sync"),
    JWT_SECRET_KEY: "only for measuring, and long enough for that",
    LOG_LEVEL: "warn",
  }
  const sql = connect(environment.DATABASE_URL, { max: 10, statementTimeout: 0 })
  // As the server's own: ops of one transaction raise a space once.
  overseeTransactions(sql, () => {})
  await migrate(sql, `${root}/migrations`)
  const each = { passwordHash: "not a hash", lists: 5, todos: 10 }
  const ids: string[] = []
  for (let n = 0; n < people; n += 1000)
    ids.push(...(await seed(sql, { ...each, accounts: Math.min(1000, people - n), prefix: `person${n}-` })))
  const [busy] = await seed(sql, { ...each, accounts: 1, lists: 10, todos: manyTodos / 10, prefix: "busy" })
  await sql`vacuum analyze`
  const sessions = await sql<{ id: string; accountId: string }[]>`
    insert into sessions (account_id, address, refresh_family)
    select id, '127.0.0.1', sha256(id::text::bytea) from accounts where id = any(${[...ids, busy!]})
    returning id, account_id`
  const tokens = createAccessTokens(readConfig(environment))
  const signedIn = await Promise.all(
    sessions.map(async ({ id, accountId }) => ({
      accountId,
      token: await tokens.sign({ accountId, sessionId: id }),
    })),
  )
  return {
    cluster,
    sql,
    environment,
    people: signedIn.filter(({ accountId }) => accountId !== busy),
    busy: signedIn.find(({ accountId }) => accountId === busy)!,
  }
}
