import { afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { testDatabase } from "../testing/database.ts"
import { type ServerProcess, startServer, untilListening } from "../testing/server-process.ts"

// Processes are started and stopped here, on machines that may be busy with other tests.
setDefaultTimeout(90_000)

const TOKEN = "a-token-for-tests-that-is-long-enough"
const { url, sql } = await testDatabase()
const running: ServerProcess[] = []

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL")
    await server.exited
  }
})

async function start(environment: Record<string, string> = {}) {
  const server = await startServer({ DATABASE_URL: url, METRICS_TOKEN: TOKEN, ...environment })
  running.push(server)
  return untilListening(server)
}

async function scrape(server: ServerProcess): Promise<string> {
  const answer = await fetch(new URL("/metrics", server.url), {
    headers: { Authorization: `Bearer ${TOKEN}` },
  })
  expect(answer.status).toBe(200)
  return answer.text()
}

test("one scrape has every worker, each with series of its own, and one that hangs is left out", async () => {
  const server = await start({ WORKERS: "2" })
  const pids = () =>
    server
      .log()
      .filter(({ message }) => message === "listening")
      .map(({ pid }) => Number(pid))
  for (const end = performance.now() + 60_000; pids().length < 2 && performance.now() < end; )
    await Bun.sleep(50)
  for (let request = 0; request < 20; request += 1) await fetch(new URL("/health/live", server.url))
  const text = await scrape(server)
  const memory = text.split("\n").filter((line) => line.startsWith("process_resident_memory_bytes{"))
  expect(memory.map((line) => line.match(/worker="(\d)"/)?.[1]).sort()).toEqual(["0", "1"])
  const counted = [...text.matchAll(/^docket_http_request.*_count\{.*route="\/health\/live".*\} (\d+)$/gm)]
  // `untilListening` asks too.
  expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThan(20)
  expect(text.match(/^# TYPE docket_http_request_duration_seconds histogram$/gm)).toHaveLength(1)
  process.kill(pids()[0]!, "SIGSTOP")
  try {
    let rest: string | undefined
    // The kernel may give a connection to the one that hangs.
    for (let tries = 0; tries < 6 && !rest; tries += 1)
      rest = await fetch(new URL("/metrics", server.url), {
        headers: { Authorization: `Bearer ${TOKEN}` },
        signal: AbortSignal.timeout(9_000),
        keepalive: false,
      }).then(
        (answer) => answer.text(),
        () => undefined,
      )
    expect(rest?.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(1)
  } finally {
    process.kill(pids()[0]!, "SIGCONT")
  }
})

test("while the database is away what is not known is not told", async () => {
  const server = await start()
  expect(await scrape(server)).toContain("\ndocket_database_up 1\n")
  // Everything that asks waits for the lock, as for a database that hangs.
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const lock = sql.begin(async (sql) => {
    await sql`lock table migrations in access exclusive mode`
    locked.resolve()
    // Asked now and then, since an idle transaction is ended after 5 s.
    while ((await Promise.race([over.then(() => true), Bun.sleep(500)])) !== true) await sql`select 1`
  })
  await locked.promise
  await Bun.sleep(1_500)
  const text = await scrape(server)
  end()
  await lock
  expect(text).toContain("\ndocket_database_up 0\n")
  expect(text).not.toMatch(
    /^docket_(migration_applied|jobs_waiting|database_probe_seconds|pool_connections\{)/m,
  )
  expect(text).toContain("docket_migration_shipped")
})
