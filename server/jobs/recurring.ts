import type { Logger } from "pino"
import type { Queue } from "./queue.ts"

/** Work that is due again and again, whoever is there to do it. */
export type RecurringJob = {
  /** The queue's name; lower-case words and hyphens. */
  name: string
  /** Five fields, in UTC. */
  cron: string
  /** Does the work and says what was done, for the log. Safe to run again after it stopped half-way. */
  run: () => Promise<unknown>
}

/** How late a run may begin. */
const POLL_SECONDS = 5
/** A run that takes longer counts as failed, and the next may begin. */
const LONGEST_SECONDS = 60 * 60

/**
 * Has each of `jobs` done when it is due by exactly one of the processes that call this, once at a time. One that
 * fails is tried again after five minutes, twice; a time missed while no process ran is made up for once.
 */
export async function startRecurring({ boss }: Queue, log: Logger, jobs: RecurringJob[]): Promise<void> {
  for (const { name, cron, run } of jobs) {
    await boss.createQueue(name, { policy: "exclusive" })
    await boss.updateQueue(name, {
      retryLimit: 2,
      retryDelay: 5 * 60,
      expireInSeconds: LONGEST_SECONDS,
      deleteAfterSeconds: 7 * 24 * 60 * 60,
    })
    await boss.schedule(name, cron, null, { tz: "UTC", missed: "once" })
    await boss.work(name, { pollingIntervalSeconds: POLL_SECONDS }, async () => {
      const started = performance.now()
      try {
        const done = await run()
        log.info({ job: name, done, duration: Math.round(performance.now() - started) }, "recurring job done")
        return { done }
      } catch (error) {
        log.error({ job: name, err: error }, "recurring job failed")
        throw error
      }
    })
  }
}
