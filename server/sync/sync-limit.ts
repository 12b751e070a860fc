import { Problem } from "../problems.ts"
import { LeastRecentlyUsed } from "../sessions/least-recently-used.ts"

/** Syncs of one account in one process: so many at once, and then one in every so many milliseconds. */
const BURST = 20
const EVERY_MS = 100
const REMEMBERED_ACCOUNTS = 10_000

/** Holds back a client that syncs in a loop. In memory: a charge in the database would cost as much as a small sync. */
export class SyncLimit {
  /** When each account's bucket is empty again (the generic cell rate algorithm, as in server/limits/queries.ts). */
  readonly #arrivals = new LeastRecentlyUsed<string, number>(REMEMBERED_ACCOUNTS)

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Throws 429 with the seconds to wait. */
  charge(accountId: string) {
    const now = this.now()
    const arrival = Math.max(now, this.#arrivals.get(accountId) ?? 0)
    const wait = arrival - now - EVERY_MS * (BURST - 1)
    if (wait > 0) throw Problem.tooManyRequests(wait / 1000)
    this.#arrivals.set(accountId, arrival + EVERY_MS)
  }
}
