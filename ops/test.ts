/** `bun run test`: everything, what is quickest to tell first. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CannotEmbed } from "../server/database/embedded-home.ts"
import { startCluster } from "../server/testing/cluster.ts"
import { check } from "./check.ts"
import { findChromium } from "./chromium.ts"
import { type Counts, countsOf } from "./test-report.ts"

const ROOT = join(import.meta.dir, "..")
/** Milliseconds. A test that hangs is found either way; a slow or busy machine is no fault. */
const TEST_PATIENCE = 30_000
/** Milliseconds after which a part is taken to hang. */
const PATIENCE = 20 * 60_000

const reports = mkdtempSync(join(tmpdir(), "docket-tests-"))
const totals: Counts = { passed: 0, failed: 0, skipped: 0 }

heading("Checks")
add({ ...(await check()), skipped: 0 })

heading("PostgreSQL")
const cluster = await attempt(startCluster)
console.log(cluster ? "one cluster for every part, a database for each test file" : "")

heading("Server: units, API on PostgreSQL, mail on SMTP")
await tests("server", ["./server", "./ops"])

heading("Page: units")
await tests("page", ["--conditions=browser", "./client/src"])

heading("Journeys: the production build in a browser")
const browser = await attempt(findChromium)
if (browser) {
  console.log(`${browser.path} (${browser.from})`)
  await tests("journeys", ["./client/e2e"], { CHROMIUM: browser.path })
}

rmSync(reports, { recursive: true })
if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)

async function tests(name: string, options: string[], environment: Record<string, string> = {}) {
  const report = join(reports, `${name}.xml`)
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      `--timeout=${TEST_PATIENCE}`,
      "--only-failures",
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...options,
    ],
    {
      cwd: ROOT,
      env: { ...process.env, TEST_DATABASE_CLUSTER: cluster, ...environment },
      stdout: "inherit",
      stderr: "inherit",
      timeout: PATIENCE,
    },
  )
  const code = await child.exited
  const counts = countsOf(
    await Bun.file(report)
      .text()
      .catch(() => ""),
    code,
  )
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  add(counts)
}

/** What cannot be had is one failure, said in a sentence, and the other parts still run. */
async function attempt<T>(get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get()
  } catch (error) {
    console.error(error instanceof CannotEmbed ? error.message : error)
    add({ passed: 0, failed: 1, skipped: 0 })
  }
}

function add(counts: Counts) {
  for (const kind of ["passed", "failed", "skipped"] as const) totals[kind] += counts[kind]
}

function heading(text: string) {
  console.log(`\n${text}`)
}
