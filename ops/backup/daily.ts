import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { sleep } from "./interruption.ts"
import { bytes, duration } from "./pace.ts"
import { readRecord, recordFailure, recordTaken } from "./record.ts"
import { type Schedule, waitFor } from "./schedule.ts"
import type { Taken } from "./take.ts"

/** Milliseconds: a timer does not see that a host slept, or that its clock was set. */
const LONGEST_SLEEP = 60_000

type Daily = {
  schedule: Schedule
  /** The file that says what was made: see ops/backup/record.ts. */
  record: string
  take: (signal: AbortSignal) => Promise<Taken>
  now?: () => number
}

/**
 * Takes a backup whenever one is due, until `signal` aborts. One that fails is told of and tried again; it ends nothing.
 */
export async function backUpDaily({ schedule, record, take, now = Date.now }: Daily, signal: AbortSignal) {
  let [failures, failedAt, told] = [0, 0, 0]
  while (!signal.aborted) {
    const { newest } = await readRecord(record)
    const taken = newest && Date.parse(newest.takenAt)
    const wait = waitFor(now(), { newest: taken, failures, failedAt }, schedule)
    if (wait > 0) {
      const next = now() + wait
      if (Math.abs(next - told) > 1000) say(`the next backup is due ${new Date(next).toISOString()}`)
      told = next
      await sleep(Math.min(wait, LONGEST_SLEEP), signal)
      continue
    }
    try {
      const made = await take(signal)
      await recordTaken(record, made)
      failures = 0
      say(`${made.backup.id} is stored: ${bytes(made.backup.dump.size)} in ${duration(made.seconds.all)}`)
    } catch (error) {
      if (signal.aborted) break
      ;[failures, failedAt] = [failures + 1, now()]
      const message = error instanceof Error ? error.message : String(error)
      // With the stack where nobody foresaw it.
      say(`no backup was made: ${error instanceof Refusal ? message : ((error as Error).stack ?? message)}`)
      await recordFailure(record, message, new Date(failedAt)).catch((error: Error) =>
        say(`that could not be recorded: ${error.message}`),
      )
    }
  }
}
