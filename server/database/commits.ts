import type { Pool, Sql } from "./connect.ts"

/** What a transaction changed that open pages want to hear of. */
export type Changes = {
  /** The spaces it wrote to, and their revs. */
  spaces: Map<string, number>
  /** The accounts whose memberships it changed. */
  accounts: Set<string>
}

const CHANGES = Symbol("changes")
type WithChanges = { [CHANGES]?: Changes }

/**
 * Tells `listener` what each transaction of the pool changed, once it has committed; call it once for a pool. NOTIFY
 * within the transaction would do without this, but makes all commits of a database take turns, each with its wait
 * for the disk (docs/decisions/0014-telling-of-changes.md).
 */
export function onCommit(pool: Pool, listener: (changes: Changes) => void) {
  const begin = pool.begin as (...given: unknown[]) => Promise<unknown>
  pool.begin = (async (...given: unknown[]) => {
    const work = given.pop() as (sql: Sql) => unknown
    const changes: Changes = { spaces: new Map(), accounts: new Set() }
    const result = await begin(...given, (sql: Sql & WithChanges) => {
      sql[CHANGES] = changes
      return work(sql)
    })
    if (changes.spaces.size > 0 || changes.accounts.size > 0) listener(changes)
    return result
  }) as Pool["begin"]
}

/** Notes that the transaction raised a space to `rev`. */
export function noteRaised(sql: Sql, spaceId: string, rev: number) {
  ;(sql as WithChanges)[CHANGES]?.spaces.set(spaceId, rev)
}

/** Notes that the transaction changed what the account is a member of. */
export function noteMembership(sql: Sql, accountId: string) {
  ;(sql as WithChanges)[CHANGES]?.accounts.add(accountId)
}

/** What is noted in a savepoint counts as noted in its transaction. */
export function noteInTransaction(transaction: Sql, savepoint: Sql) {
  ;(savepoint as WithChanges)[CHANGES] = (transaction as WithChanges)[CHANGES]
}
