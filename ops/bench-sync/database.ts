import { readConfig } from "../../server/config.ts"
import type { Pool } from "../../server/database/connect.ts"
import type { EmbeddedDatabase } from "../../server/database/embedded.ts"
import { overseeTransactions } from "../../server/database/transactions.ts"
import { createAccessTokens } from "../../server/sessions/access-token.ts"
import { seed } from "../../server/testing/seed.ts"
import { freshCopy } from "../bench/database.ts"

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

/** A database of its own, on PostgreSQL as it is in production: every commit waits for the disk. Everyone is signed in. */
export async function benchDatabase(size: Size): Promise<BenchDatabase> {
  const { cluster, url, sql } = await freshCopy("bench-sync", size, async (sql) => {
    const each = { passwordHash: "not a hash", lists: 5, todos: 10 }
    for (let n = 0; n < size.people; n += 1000)
      await seed(sql, { ...each, accounts: Math.min(1000, size.people - n), prefix: `person${n}-` })
    await seed(sql, { ...each, accounts: 1, lists: 10, todos: size.manyTodos / 10, prefix: "busy" })
  })
  // As the server's own: ops of one transaction raise a space once.
  overseeTransactions(sql, () => {})
  const environment = {
    DATABASE_URL: url,
    JWT_SECRET_KEY: "only for measuring, and long enough for that",
    LOG_LEVEL: "warn",
  }
  const [busy] = await sql<[{ id: string }]>`select id from accounts where email = 'busy0@example.org'`
  const sessions = await sql<{ id: string; accountId: string }[]>`
    insert into sessions (account_id, address, refresh_family)
    select id, '127.0.0.1', sha256(id::text::bytea) from accounts
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
    people: signedIn.filter(({ accountId }) => accountId !== busy.id),
    busy: signedIn.find(({ accountId }) => accountId === busy.id)!,
  }
}
