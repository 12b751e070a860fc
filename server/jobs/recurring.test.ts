import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import pino from "pino"
import { testDatabase } from "../testing/database.ts"
import { type Queue, startQueue } from "./queue.ts"
import { type RecurringJob, startRecurring } from "./recurring.ts"

setDefaultTimeout(40_000)
const { url } = await testDatabase()
const lines: string[] = []
const log = pino({ level: "info" }, { write: (line) => void lines.push(line) })

/** What each of two processes of one installation does. */
async function startProcess(jobs: RecurringJob[]): Promise<Queue> {
  const queue = await startQueue({ url, log, supervise: false })
  afterAll(() => queue.stop())
  await startRecurring(queue, log, jobs)
  return queue
}

let runs = 0
const count: RecurringJob = {
  name: "count",
  cron: "17 * * * *",
  run: async () => {
    runs += 1
    await Bun.sleep(100)
    return { counted: runs }
  },
}
const fail: RecurringJob = {
  name: "fail",
  cron: "32 3 * * *",
  run: () => Promise.reject(new Error("no room")),
}
const queue = await startProcess([count, fail])
await startProcess([count, fail])

const until = async (holds: () => Promise<boolean>) => {
  for (const end = Date.now() + 35_000; !(await holds()); await Bun.sleep(50))
    if (Date.now() > end) throw new Error("it did not come true in 35 s")
}

test("each is scheduled once, however many processes start it, and made up for when it was missed", async () => {
  const schedules = await queue.boss.getSchedules()
  expect(schedules.map(({ name, cron, timezone }) => ({ name, cron, timezone }))).toEqual([
    { name: "count", cron: "17 * * * *", timezone: "UTC" },
    { name: "fail", cron: "32 3 * * *", timezone: "UTC" },
  ])
  expect(schedules[0]!.options).toMatchObject({ missed: "once" })
})

test("one process does it when it is due, and says what was done", async () => {
  const first = await queue.boss.send("count")
  expect(await queue.boss.send("count")).toBeNull()
  const finished = async () => (await queue.boss.findJobs("count", { id: first! }))[0]!
  await until(async () => (await finished()).state === "completed")
  expect((await finished()).output).toEqual({ done: { counted: 1 } })
  expect(runs).toBe(1)
  expect(lines.join()).toContain('"done":{"counted":1}')
})

test("one that failed is tried again later", async () => {
  const id = await queue.boss.send("fail")
  const failed = async () => (await queue.boss.findJobs("fail", { id: id! }))[0]!
  await until(async () => (await failed()).state === "retry")
  expect((await failed()).startAfter.getTime()).toBeGreaterThan(Date.now() + 4 * 60_000)
  expect(lines.join()).toContain("recurring job failed")
})
