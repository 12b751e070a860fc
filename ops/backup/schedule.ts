import { Refusal } from "../refusal.ts"
import { variable } from "./settings.ts"

/** In milliseconds: how far apart backups are, and how long after midnight UTC the first of a day is due. */
export type Schedule = { every: number; offset: number }

const DAY = 24 * 3600 * 1000
/** Milliseconds before a failed one is tried again; each wait is twice the one before, up to the longest. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [60_000, 3_600_000]

/** Of BACKUP_HOUR, once a day. BACKUP_EVERY_SECONDS is for those who watch what it does. */
export function backupSchedule(): Schedule {
  return {
    every: number("BACKUP_EVERY_SECONDS", DAY / 1000, 1, DAY / 1000) * 1000,
    offset: number("BACKUP_HOUR", undefined, 0, 23) * 3_600_000,
  }
}

/** The last moment at or before `now` at which one was due. */
export const lastDue = (now: number, { every, offset }: Schedule) =>
  Math.floor((now - offset) / every) * every + offset

/**
 * Milliseconds to wait at `now` before the next backup, 0 when it is due. `newest` is the moment that the last one brings
 * back, if any; so one that was missed is made up for, once, and a restart makes none twice. After `failures` in a row it
 * waits longer and longer.
 */
export function waitFor(
  now: number,
  { newest, failures, failedAt }: { newest: number | null; failures: number; failedAt: number },
  schedule: Schedule,
): number {
  const due = lastDue(now, schedule)
  // A clock that was wrong may have written a moment that is yet to come: nothing hangs on that.
  if (newest !== null && newest >= due && newest <= now + schedule.every) return due + schedule.every - now
  if (failures === 0) return 0
  const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE, schedule.every)
  return Math.max(0, failedAt + pause - now)
}

function number(name: string, otherwise: number | undefined, least: number, most: number): number {
  const text = variable(name)
  const value = text === undefined ? otherwise : Number(text)
  if (value === undefined) throw new Refusal(2, `${name} is not set.`)
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Refusal(2, `${name} is ${text}, and must be a whole number from ${least} to ${most}.`)
  return value
}
