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

/** SQLSTATE deadlock_detected: of two transactions that wait for each other one is ended, so that the other goes on. */
const DEADLOCK = "40P01"
const MOST_TRIES = 4

/** Told how long transactions take, in seconds. */
export type TransactionTimes = {
  /** From asking until there was a connection of the pool, and BEGIN was answered. */
  connectionWaited: (seconds: number) => void
  /** From asking until the end, tries after a deadlock included. */
  transactionEnded: (outcome: "committed" | "failed", seconds: number) => void
}

const secondsSince = (start: number) => (performance.now() - start) / 1000

/**
 * Has each transaction of the pool begun again that was ended by a deadlock, and tells `committed` what each changed,
 * once it has committed; call it once for a pool. NOTIFY within the transaction would do without the latter, but makes
 * all commits of a database take turns, each with its wait for the disk (docs/decisions/0014-telling-of-changes.md).
 */
export function overseeTransactions(
  pool: Pool,
  committed: (changes: Changes) => void,
  timed?: TransactionTimes,
) {
  const begin = pool.begin as (...given: unknown[]) => Promise<unknown>
  const once = async (given: unknown[], work: (sql: Sql) => unknown) => {
    const changes: Changes = { spaces: new Map(), accounts: new Set() }
    const asked = performance.now()
    const result = await begin(...given, (sql: Sql & WithChanges) => {
      timed?.connectionWaited(secondsSince(asked))
      sql[CHANGES] = changes
      return work(sql)
    })
    if (changes.spaces.size > 0 || changes.accounts.size > 0) committed(changes)
    return result
  }
  pool.begin = (async (...given: unknown[]) => {
    const work = given.pop() as (sql: Sql) => unknown
    const asked = performance.now()
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await once(given, work)
        timed?.transactionEnded("committed", secondsSince(asked))
        return result
      } catch (error) {
        if ((error as { code?: unknown } | null)?.code !== DEADLOCK || tries === MOST_TRIES) {
          timed?.transactionEnded("failed", secondsSince(asked))
          throw error
        }
        await Bun.sleep(Math.random() * 50 * tries)
      }
    }
  }) as Pool["begin"]
}

/** Notes that the transaction raised a space to `rev`. */
export function noteRaised(sql: Sql, spaceId: string, rev: number) {
  ;(sql as WithChanges)[CHANGES]?.spaces.set(spaceId, rev)
}

/** The spaces that the transaction has raised, and so holds the locks of, and their revs. */
export function raisedIn(sql: Sql): ReadonlyMap<string, number> {
  return (sql as WithChanges)[CHANGES]?.spaces ?? NONE
}

const NONE: ReadonlyMap<string, number> = new Map()

/** Notes that the transaction changed what the account is a member of. */
export function noteMembership(sql: Sql, accountId: string) {
  ;(sql as WithChanges)[CHANGES]?.accounts.add(accountId)
}

/** Does `work` in a savepoint: what it notes counts as noted in its transaction, unless it fails and is rolled back. */
export async function inSavepoint<Result>(sql: Sql, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const changes: Changes = { spaces: new Map(), accounts: new Set() }
  const result = await (sql as Transaction).savepoint((savepoint) => {
    ;(savepoint as WithChanges)[CHANGES] = changes
    return work(savepoint)
  })
  for (const [id, rev] of changes.spaces) noteRaised(sql, id, rev)
  for (const id of changes.accounts) noteMembership(sql, id)
  return result as Result
}

type Transaction = Sql & { savepoint: (work: (sql: Sql) => unknown) => Promise<unknown> }
