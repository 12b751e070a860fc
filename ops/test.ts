/** `bun run test [part…]`: everything, what is quickest to tell first; or the parts that are named. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $ } from "bun"
import { CannotEmbed } from "../server/database/embedded-home.ts"
import { startCluster } from "../server/testing/cluster.ts"
import { check } from "./check.ts"
import { findChromium } from "./chromium.ts"
import { searchLogs } from "./search-logs.ts"
import { type Counts, countsOf } from "./test-report.ts"

const ROOT = join(import.meta.dir, "..")
/** Milliseconds. A test that hangs is found either way; a slow or busy machine is no fault. */
const TEST_PATIENCE = 30_000
/** Milliseconds after which a part is taken to hang. */
const PATIENCE = 20 * 60_000

const parts: Record<string, () => Promise<void>> = {
  checks,
  server,
  page,
  sync,
  journeys,
  "every-page": everyPage,
}
const EVERY_PAGE = "./client/e2e/every-page.test.ts"
const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in parts))
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`)
  process.exit(2)
}

const reports = mkdtempSync(join(tmpdir(), "docket-tests-"))
/** Where tests keep what their servers log, to be searched at the end. */
const logs = join(reports, "logs")
mkdirSync(logs)
const totals: Counts = { passed: 0, failed: 0, skipped: 0 }
let cluster: string | undefined
let isBuilt = false
for (const [name, run] of Object.entries(parts)) if (named.length === 0 || named.includes(name)) await run()

await secretsInLogs()
rmSync(reports, { recursive: true })
if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)

async function checks() {
  heading("Checks")
  add({ ...(await check()), skipped: 0 })
}

async function server() {
  heading("Server: units, API on PostgreSQL, mail on SMTP")
  await raiseCluster()
  await tests("server", ["./server", "./ops"])
}

async function page() {
  heading("Page: units")
  await tests("page", ["--conditions=browser", "./client/src"])
}

async function sync() {
  heading("Sync: the engine under faults, from 200 seeds (bun run test:sync)")
  await raiseCluster()
  await simulation()
}

async function journeys() {
  heading("Journeys: the production build in a browser")
  const files = await Array.fromAsync(new Bun.Glob("client/e2e/*.test.ts").scan(ROOT))
  await inBrowser(
    "journeys",
    files
      .map((file) => `./${file}`)
      .filter((file) => file !== EVERY_PAGE)
      .sort(),
  )
}

/** Apart from the other journeys, since it takes as long as half of them: a pipeline runs them side by side. */
async function everyPage() {
  heading("Every page: axe, sideways scrolling, layout shifts")
  await inBrowser("every-page", [EVERY_PAGE])
}

async function inBrowser(name: string, files: string[]) {
  if (named.length > 0 && !named.includes("checks") && !isBuilt) await $`bun run build`.cwd(ROOT)
  isBuilt = true
  await raiseCluster()
  const browser = await attempt(findChromium)
  if (!browser) return
  console.log(`${browser.path} (${browser.from})`)
  await tests(name, files, { CHROMIUM: browser.path })
}

/** One cluster of PostgreSQL for every part, a database for each test file. */
async function raiseCluster() {
  cluster ??= await attempt(startCluster)
}

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
      env: { ...process.env, TEST_DATABASE_CLUSTER: cluster, TEST_LOGS: logs, ...environment },
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

/** What servers logged in this run holds no password, token or whole address of what they were sent: one test. */
async function secretsInLogs() {
  const { lines, secrets, found } = await searchLogs(logs)
  if (lines === 0) return
  heading(`Secrets in the logs: ${lines} lines searched for ${secrets}`)
  for (const sentence of found.slice(0, 20)) console.error(sentence)
  add({ passed: found.length === 0 ? 1 : 0, failed: found.length === 0 ? 0 : 1, skipped: 0 })
}

/** All seeds count as one test. */
async function simulation() {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "test-sync.ts")], {
    cwd: ROOT,
    env: { ...process.env, TEST_DATABASE_CLUSTER: cluster },
    stdout: "inherit",
    stderr: "inherit",
    timeout: PATIENCE,
  })
  const failed = (await child.exited) === 0 ? 0 : 1
  add({ passed: 1 - failed, failed, skipped: 0 })
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
