import type { Pool } from "../database/connect.ts"
import { purgeLimits } from "../limits/queries.ts"
import { purgeDeletedSessions, purgeSessions } from "../sessions/queries.ts"
import { deleteAccount, deleteTodosOf, lapsedAccounts, purgeLetterTokens } from "./queries.ts"

/**
 * Deletes what has had its time: accounts whose grace is over or that were never verified, ended sessions and what is
 * told of those that went with an account, old tokens, empty limits. Safe to run twice at once or to stop half-way: the next run goes on. Returns how many of each.
 */
export async function purgeAccounts(sql: Pool): Promise<Purged> {
  return {
    accounts: await purgeLapsedAccounts(sql),
    sessions: await purgeSessions(sql),
    deletedSessions: await purgeDeletedSessions(sql),
    letterTokens: await purgeLetterTokens(sql),
    limits: await purgeLimits(sql),
  }
}

export type Purged = {
  accounts: number
  sessions: number
  deletedSessions: number
  letterTokens: number
  limits: number
}

async function purgeLapsedAccounts(sql: Pool): Promise<number> {
  let purged = 0
  for (const accountId of await lapsedAccounts(sql)) {
    // In portions, so that no statement is longer than its timeout; who lapsed cannot come back to see them.
    while ((await deleteTodosOf(sql, accountId)) > 0);
    purged += Number(await sql.begin((sql) => deleteAccount(sql, accountId)))
  }
  return purged
}
