import { Refusal } from "../refusal.ts"
import { oldErasures } from "./erasures.ts"
import { keyOfProof, type Proof } from "./proofs.ts"
import type { Storage } from "./storage.ts"
import { keysOf, type Listing } from "./stored-backups.ts"

const DAY = 86_400_000
/** What was begun so long ago is not being made any more. */
const UNFINISHED_DAYS = 2
/** Milliseconds that a backup may be ahead of this clock. */
const AHEAD = 5 * 60_000

export type Plan = {
  /** Backups that have had their time. */
  remove: string[]
  /** Begun long ago, and never finished. */
  clear: string[]
  /** Older than their days, and kept as those of their months; oldest first. */
  monthly: string[]
  /** The newest proven backup, if it is kept for that alone. */
  spared: string | null
  /** Why nothing is removed, if that is so for another reason than that nothing is old. */
  held: string | null
}

/**
 * What retention may remove at `now`: backups older than `days`, but for one of each of the last `months` calendar months
 * (UTC); never the newest proven one, and nothing at all while none is proven. Refuses (3) when a backup is of the future, since then either it or this clock is wrong.
 */
export function planRetention(
  { backups, unfinished }: Pick<Listing, "backups" | "unfinished">,
  proofs: ReadonlyMap<string, Proof>,
  { now, days, months }: { now: Date; days: number; months: number },
): Plan {
  const ahead = backups.find(({ takenAt }) => Date.parse(takenAt) > now.getTime() + AHEAD)
  if (ahead)
    throw new Refusal(
      3,
      `A clock is wrong: ${ahead.id} was taken at ${ahead.takenAt}, and this machine says ${now.toISOString()}. Nothing is removed.`,
    )
  const since = (days: number) => now.getTime() - days * DAY
  const old = backups.filter(({ takenAt }) => Date.parse(takenAt) < since(days)).map(({ id }) => id)
  const clear = unfinished.filter((id) => startOf(id) < since(UNFINISHED_DAYS))
  const newest = backups.findLast(({ id }) => proofs.has(id))
  if (!newest)
    return {
      remove: [],
      clear,
      monthly: [],
      spared: null,
      held: old.length > 0 ? "No backup is proven, so none is removed." : null,
    }
  const ofMonths = firstOfMonths(backups, proofs, { now, months })
  const monthly = old.filter((id) => ofMonths.has(id))
  const spared = old.includes(newest.id) && !ofMonths.has(newest.id) ? newest.id : null
  return {
    remove: old.filter((id) => id !== spared && !ofMonths.has(id)),
    clear,
    monthly,
    spared,
    held: null,
  }
}

/** Of each calendar month, up to `months` before that of `now`, the first backup that is proven, or else the first. */
function firstOfMonths(
  backups: Listing["backups"],
  proofs: ReadonlyMap<string, Proof>,
  { now, months }: { now: Date; months: number },
): Set<string> {
  const monthOf = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth()
  const firsts = new Map<number, string>()
  for (const { id, takenAt } of backups) {
    const month = monthOf(new Date(takenAt))
    if (monthOf(now) - month > months) continue
    const first = firsts.get(month)
    if (first === undefined || (!proofs.has(first) && proofs.has(id))) firsts.set(month, id)
  }
  return months === 0 ? new Set() : new Set(firsts.values())
}

/** The moment in an id, in milliseconds; of what has none, now, so that it is left alone. */
function startOf(id: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(id) ?? []
  return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) : Date.now()
}

/** Removes what `plan` names. `backup.json` goes first: what is stopped in the middle is listed no more. */
export async function applyRetention(
  storage: Storage,
  { remove, clear }: Plan,
  keptSince: Date,
): Promise<void> {
  for (const id of [...remove, ...clear]) {
    const { backup, manifest, dump } = keysOf(id)
    for (const key of [backup, manifest, dump, keyOfProof(id)]) await storage.delete(key)
  }
  for (const key of await oldErasures(storage, keptSince)) await storage.delete(key)
}

/** The moment that backups are kept since. */
export const keptSince = (now: Date, days: number) => new Date(now.getTime() - days * DAY)
