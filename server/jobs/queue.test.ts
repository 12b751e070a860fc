import { afterAll, expect, test } from "bun:test"
import { getConstructionPlans } from "pg-boss"
import pino from "pino"
import { testDatabase } from "../testing/database.ts"
import { inTransaction, startQueue } from "./queue.ts"

const { sql, url } = await testDatabase()
const log = pino({ level: "silent" })
const queue = await startQueue({ url, log, supervise: false })
afterAll(() => queue.stop())
await queue.boss.createQueue("errands", {})

test("the migration is the package's own plan", async () => {
  const migration = await Bun.file(`${import.meta.dir}/../../migrations/0003_jobs.sql`).text()
  const plan = getConstructionPlans("pgboss")
    .replace(/^\s*BEGIN;/, "")
    .replace(/COMMIT;\s*$/, "")
  const squeeze = (text: string) =>
    text
      .replace(/^--.*$/gm, "")
      .replace(/\s+/g, " ")
      .trim()
  const [ofThePackage] = migration.split("-- Docket's own:")
  expect(squeeze(ofThePackage!)).toBe(squeeze(plan))
})

test("the schema is as the package wants it", async () => {
  const drift = await queue.boss.detectSchemaDrift()
  expect({ ...drift, extraIndexes: [] }).toMatchObject({ ok: true, missing: [], mismatched: [] })
})

test("a job joins the caller's transaction", async () => {
  await sql.begin((transaction) =>
    queue.boss.send("errands", { errand: "kept" }, { db: inTransaction(transaction) }),
  )
  const rolledBack = sql.begin(async (transaction) => {
    await queue.boss.send("errands", { errand: "dropped" }, { db: inTransaction(transaction) })
    throw new Error("changed our mind")
  })
  expect(rolledBack).rejects.toThrow("changed our mind")
  await rolledBack.catch(() => {})
  const jobs = await queue.boss.fetch<{ errand: string }>("errands", { batchSize: 10 })
  expect(jobs.map((job) => job.data.errand)).toEqual(["kept"])
  await queue.boss.complete("errands", jobs, { reply: "done" })
  const [finished] = await queue.boss.findJobs("errands", { id: jobs[0]!.id })
  expect(finished).toMatchObject({ state: "completed", output: { reply: "done" } })
})

test("a script that fails half-way does not spoil the connection", async () => {
  const db = queue.boss.getDb()
  const broken = db.executeSql("BEGIN; select 1; select no_such_column; COMMIT;")
  const after = db.executeSql("select 2 as two")
  await expect(broken).rejects.toThrow("no_such_column")
  expect((await after).rows).toEqual([{ two: 2 }])
})

test("a job that failed keeps what it failed with", async () => {
  const id = await queue.boss.send("errands", { errand: "fail" }, { retryLimit: 0 })
  const jobs = await queue.boss.fetch("errands")
  await queue.boss.fail("errands", jobs[0]!, { reply: "550 no" })
  const [failed] = await queue.boss.findJobs("errands", { id: id! })
  expect(failed).toMatchObject({ state: "failed", output: { reply: "550 no" } })
})

test("a job whose process died is taken up by another", async () => {
  const id = await queue.boss.send("errands", { errand: "orphan" }, { retryLimit: 3, expireInSeconds: 60 })
  await queue.boss.fetch("errands")
  await sql`update pgboss.job set started_on = now() - interval '61 seconds' where id = ${id}`
  await queue.boss.supervise("errands")
  const [orphan] = await queue.boss.findJobs("errands", { id: id! })
  expect(orphan!.state).toBe("retry")
})

test("it comes back after the database dropped its connection", async () => {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'docket jobs'
    and datname = current_database()`
  await Bun.sleep(50)
  expect(await queue.boss.send("errands", { errand: "again" })).toBeString()
})
