import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { requireClock } from "./clock.ts"
import { type Erasures, storeRecentErasures } from "./erasures.ts"
import { sleep } from "./interruption.ts"
import { withSession } from "./snapshot.ts"
import type { Storage } from "./storage.ts"

/** Stores who was erased from the database at `url` of late, unless all of them are `known`. Returns them. */
export const recentErasures = (
  url: string,
  storage: Storage,
  known?: ReadonlySet<string>,
): Promise<Erasures> =>
  withSession(url, "docket backup", async (sql) => {
    await requireClock(sql, storage)
    return storeRecentErasures(sql, storage, known)
  })

/**
 * Does that every `every` milliseconds until `signal` aborts: an object only when somebody was erased since. What fails is
 * told of and tried again at the next; it ends nothing.
 */
export async function storeErasuresOften(
  { every, url, storage }: { every: number; url: string; storage: Storage },
  signal: AbortSignal,
) {
  let known = new Set<string>()
  while (!signal.aborted) {
    try {
      const found = await recentErasures(url, storage, known)
      const fresh = found.filter(({ accountId }) => !known.has(accountId)).length
      if (fresh > 0) say(`who was erased of late is stored: ${found.length}, ${fresh} of them new`)
      known = new Set(found.map(({ accountId }) => accountId))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      say(
        `who was erased of late is not stored: ${error instanceof Refusal ? message : ((error as Error).stack ?? message)}`,
      )
    }
    await sleep(every, signal)
  }
}
