import { afterEach, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tellMonitoring } from "./tell-monitoring.ts"

const folder = mkdtempSync(join(tmpdir(), "docket-metrics-"))
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  delete process.env.BACKUP_METRICS_FOLDER
})

test("gauges are written whole, in the form that the node exporter reads", async () => {
  process.env.BACKUP_METRICS_FOLDER = folder
  await tellMonitoring("docket_backup", { docket_backup_last_size_bytes: 1234 })
  expect(readdirSync(folder)).toEqual(["docket_backup.prom"])
  expect(readFileSync(join(folder, "docket_backup.prom"), "utf8")).toBe(
    "# TYPE docket_backup_last_size_bytes gauge\ndocket_backup_last_size_bytes 1234\n",
  )
})

test("a folder that is not there fails no backup", async () => {
  process.env.BACKUP_METRICS_FOLDER = join(folder, "nowhere")
  await tellMonitoring("docket_backup", { docket_backup_last_size_bytes: 1234 })
})
