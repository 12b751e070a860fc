import { expect, test } from "bun:test"
import { testApp } from "../testing/app.ts"
import { looksOf } from "../watch/looks.ts"

const TOKEN = "a-token-for-tests-that-is-long-enough"
const docket = await testApp({ BACKUP_REPORT_TOKEN: TOKEN, METRICS_TOKEN: TOKEN })
const { request, dependencies } = docket

const report = (body: unknown, token = TOKEN) => request("POST", "/api/backup-reports", { body, token })
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
/** What was asked within the last second is not asked again. */
const fresh = () => Bun.sleep(1_050)
const checks = async () => {
  await fresh()
  return (await (await request("GET", "/health")).json()).checks
}
const firing = async () => {
  const looks = looksOf(dependencies)
  const found = await Promise.all(looks.map(async ({ name, look }) => [name, await look()] as const))
  return found.filter(([name, what]) => what !== null && /Backup|Drill/.test(name)).map(([name]) => name)
}

test("without the variable the address does not exist, and health says that nothing is told", async () => {
  const { request } = await testApp()
  const body = { kind: "backup", outcome: "succeeded", at: hoursAgo(1) }
  expect((await request("POST", "/api/backup-reports", { body, token: TOKEN })).status).toBe(404)
  const { checks } = await (await request("GET", "/health")).json()
  expect(checks.backup).toEqual({ status: "not reported" })
})

test("nobody reports without the token, nor what is no report, nor of a moment to come", async () => {
  const good = { kind: "backup", outcome: "succeeded", at: hoursAgo(1) }
  for (const token of ["", "wrong", `${TOKEN}x`]) expect((await report(good, token)).status).toBe(401)
  expect((await report({ nonsense: true }, "wrong")).status).toBe(401)
  for (const wrong of [
    {},
    { ...good, kind: "rumour" },
    { ...good, at: "yesterday" },
    { ...good, sizeBytes: -1 },
    { ...good, more: 1 },
    { ...good, at: hoursAgo(-1) },
  ])
    expect((await report(wrong)).status).toBe(400)
  expect(await dependencies.sql`select 1 from backup_reports`).toHaveLength(0)
})

test("nothing known is late, in health and for who watches", async () => {
  expect(await checks()).toMatchObject({
    backup: { status: "old", lastSuccessAt: null, ageSeconds: null },
    drill: { status: "old" },
  })
  expect(await firing()).toEqual(["BackupOld", "DrillOld"])
})

test("what is told is in health, in the metrics and in what operators are shown", async () => {
  const at = hoursAgo(2)
  expect((await report({ kind: "backup", outcome: "succeeded", at, sizeBytes: 5_000_000_000 })).status).toBe(
    204,
  )
  expect((await report({ kind: "drill", outcome: "succeeded", at: hoursAgo(1) })).status).toBe(204)
  expect(await checks()).toMatchObject({
    backup: { status: "ok", lastSuccessAt: at, lastRunAt: at },
    drill: { status: "ok" },
  })
  expect(await firing()).toEqual([])
  const metrics = await (await request("GET", "/metrics", { token: TOKEN })).text()
  expect(metrics).toContain(`\ndocket_backup_last_success_timestamp_seconds ${Date.parse(at) / 1000}\n`)
  expect(metrics).toContain("\ndocket_backup_last_size_bytes 5000000000\n")
  expect(metrics).toContain('\ndocket_backup_run_failed{kind="drill"} 0\n')
  expect(metrics).toMatch(/\ndocket_drill_last_success_timestamp_seconds \d/)
})

test("a failure keeps what succeeded before, and an older report changes nothing", async () => {
  await report({ kind: "backup", outcome: "failed", at: hoursAgo(0.5) })
  await report({ kind: "backup", outcome: "succeeded", at: hoursAgo(3), sizeBytes: 1 })
  const found = await checks()
  expect(found.backup.status).toBe("failed")
  expect(Math.round(found.backup.ageSeconds / 360)).toBe(20)
  expect(await firing()).toEqual([])
  await dependencies.sql`update backup_reports set succeeded_at = now() - interval '26 hours 1 minute'`
  expect((await checks()).backup.status).toBe("old")
  expect(await firing()).toEqual(["BackupOld", "DrillOld"])
})
