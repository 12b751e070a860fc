import { expect } from "../testing/check.ts"
import { startLoad } from "./load/load.ts"
import type { LoadReport } from "./load/report.ts"
import type { Stack } from "./stack.ts"

/** Seconds for what an update leaves behind: tasks that drain, connections that rest. */
const SETTLING = 15
/** Requests a second, at least, for a round to count as one under load. */
const LEAST_RATE = 150

/**
 * Does `work` under load and a little longer, and returns what it came to with the load's line. Throws when a request
 * failed (more than `mostFailed`), a write is not in the database, or there was no load.
 */
export async function underLoad<T>(
  stack: Stack,
  work: () => Promise<T>,
  mostFailed = 0,
): Promise<{ result: T; line: string }> {
  const count = async () => Number(await stack.psql("select count(*) from todos where trashed_at is null"))
  const before = await count()
  const load = await startLoad(stack.site)
  let result: T
  let report: LoadReport
  try {
    await Bun.sleep(3000)
    result = await work()
    await Bun.sleep(SETTLING * 1000)
  } finally {
    report = await load.stop()
  }
  expect(report.failed <= mostFailed, `${report.line}: ${report.kinds}`)
  const added = (await count()) - before
  // One that failed may have been written.
  const fits = added >= report.written && added <= report.written + report.failed
  expect(fits, `${report.written} writes were answered, ${added} are in the database`)
  const rate = report.sent / ((report.ended - report.began) / 1000)
  expect(rate >= LEAST_RATE, `only ${rate.toFixed(0)} requests a second were sent`)
  expect(report.streams.opened > 0, "no event stream was opened")
  return { result, line: report.line }
}
