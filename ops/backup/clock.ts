import { Refusal } from "../refusal.ts"
import type { Session } from "./snapshot.ts"
import type { Storage } from "./storage.ts"

/** Seconds that two clocks may differ by. S3 itself refuses a signature that is a quarter of an hour off. */
const MOST_APART = 300

/**
 * Refuses (3) when this machine's clock, the database's and the storage's do not agree: a backup would be named after
 * another moment than its own, and retention would count days that never were.
 */
export async function requireClock(sql: Session | null, storage: Storage, now = Date.now): Promise<void> {
  const beforeStorage = now()
  const stored = await storage.clock()
  if (stored) requireAgreement("storage", stored.getTime(), beforeStorage, now())
  if (!sql) return
  const before = now()
  const [{ milliseconds }] = await sql<[{ milliseconds: string }]>`
    select (extract(epoch from clock_timestamp()) * 1000)::text as milliseconds`
  requireAgreement("database", Number(milliseconds), before, now())
}

/** Held against the time from asking to having the answer, whichever is nearer. */
function requireAgreement(whose: string, theirs: number, before: number, after: number) {
  const apart = theirs < before ? theirs - before : theirs > after ? theirs - after : 0
  if (Math.abs(apart) / 1000 <= MOST_APART) return
  const [here, there] = [new Date(after).toISOString(), new Date(theirs).toISOString()]
  throw new Refusal(
    3,
    `A clock is wrong: this machine says ${here}, the ${whose} ${there}. Set them by NTP, then start again.`,
    { here, [whose]: there },
  )
}
