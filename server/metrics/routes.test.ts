import { describe, expect, test } from "bun:test"
import { newAccount, testApp } from "../testing/app.ts"

const TOKEN = "a-token-for-tests-that-is-long-enough"
const docket = await testApp({ METRICS_TOKEN: TOKEN })

const scrape = (token = TOKEN) => docket.request("GET", "/metrics", { token })
/** The values of a series by its name and labels, as they are written. */
async function values() {
  const text = await (await scrape()).text()
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]))
}
const requests = (route: string, status: number, method = "GET") =>
  `docket_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`

describe("who may read them", () => {
  test("nobody where no token is set: there is nothing at the address, not even the page", async () => {
    const { request } = await testApp()
    const answer = await request("GET", "/metrics", { headers: { Accept: "text/html" } })
    expect(answer.status).toBe(404)
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json")
  })

  test("nobody without the token", async () => {
    for (const token of ["", "wrong", `${TOKEN}x`, TOKEN.slice(0, -1)]) {
      const answer = await scrape(token)
      expect(answer.status).toBe(401)
      expect(await answer.text()).not.toContain("docket_")
    }
  })

  test("whoever has it, in Prometheus' own format, and no cache keeps it", async () => {
    const answer = await scrape()
    expect(answer.status).toBe(200)
    expect(answer.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    expect(answer.headers.get("Cache-Control")).toBe("no-store")
  })
})

test("requests are counted by pattern and status, whatever paths and methods are made up", async () => {
  for (const path of ["/api/todos/0190", "/api/todos/0191?a=b", "/api/no/such/thing", "/api/nor/this"])
    await docket.request("GET", path)
  // `Request` itself knows no other methods than these; a socket does.
  for (const method of ["BREW", "STIR"])
    docket.dependencies.metrics!.requests.observe(method, "/api/todos", 405, 0.01)
  const found = await values()
  const counted = [...found.keys()].filter((series) =>
    series.startsWith("docket_http_request_duration_seconds_count"),
  )
  expect(found.get(requests("/api/todos/:id", 401))).toBe(2)
  expect(counted.join("\n")).not.toMatch(/0190|0191|such|nor|BREW|STIR/)
  expect(found.get(requests("/api/todos", 405, "other"))).toBe(2)
})

test("buckets are cumulative and end in the count", async () => {
  await docket.request("GET", "/health/live")
  const found = await values()
  const of = (le: string) =>
    found.get(
      `docket_http_request_duration_seconds_bucket{le="${le}",method="GET",route="/health/live",status="200"}`,
    )!
  const counts = ["0.001", "0.01", "0.1", "1", "10", "+Inf"].map(of)
  expect(counts).toEqual(counts.toSorted((one, other) => one - other))
  expect(counts.at(-1)).toBe(found.get(requests("/health/live", 200))!)
})

test("a wrong password is a failed sign-in, and a malformed request is none", async () => {
  const before = (await values()).get("docket_sign_ins_failed_total")!
  const body = { email: "nobody@example.org", password: "not the password" }
  expect((await docket.request("POST", "/api/sessions", { body })).status).toBe(401)
  expect((await docket.request("POST", "/api/sessions", { body: {} })).status).toBe(400)
  expect((await values()).get("docket_sign_ins_failed_total")).toBe(before + 1)
})

test("the queue, the pool, the schema and the process are told", async () => {
  const { dependencies } = docket
  const accountId = await newAccount(docket)
  await dependencies.letters.enqueue(dependencies.sql, { kind: "verify-email", accountId })
  await dependencies.sql`update pgboss.job set created_on = now() - interval '20 minutes',
    start_after = now() - interval '20 minutes'`
  // What was asked within the last second is not asked again.
  await Bun.sleep(1_100)
  const found = await values()
  expect(found.get("docket_database_up")).toBe(1)
  expect(found.get('docket_jobs_waiting{queue="letters"}')).toBe(1)
  expect(found.get('docket_job_oldest_seconds{queue="letters"}')).toBeGreaterThan(1_190)
  expect(found.get('docket_job_oldest_seconds{queue="letters"}')).toBeLessThan(1_260)
  expect(found.get('docket_jobs_given_up{queue="letters"}')).toBe(0)
  expect(found.get("docket_letters_paused")).toBe(0)
  expect(found.get("docket_event_streams")).toBe(0)
  expect(found.get("docket_pool_connections_most")).toBe(10)
  expect(found.get('docket_pool_connections{state="active"}')).toBeGreaterThan(0)
  // The tests of a release also run on the schema of the next (ops/test-previous.ts).
  expect(found.get("docket_migration_applied")).toBeGreaterThanOrEqual(found.get("docket_migration_shipped")!)
  expect(found.get("docket_database_sessions")).toBeGreaterThan(0)
  expect(found.get("docket_database_sessions_most")).toBeGreaterThan(9)
  expect(found.get("docket_transaction_id_age")).toBeGreaterThan(0)
  expect(found.has("docket_wal_last_archived_timestamp_seconds")).toBe(false)
  expect(found.get("docket_connection_wait_seconds_count")).toBeGreaterThan(0)
  expect(
    [...found.keys()].filter((series) => series.startsWith("docket_query_duration_seconds_count")),
  ).toContain('docket_query_duration_seconds_count{query="select migrations, pg_stat_activity"}')
  expect(found.get('docket_transaction_duration_seconds_count{outcome="committed"}')).toBeGreaterThan(0)
  expect(found.get("docket_event_loop_delay_seconds_count")).toBeGreaterThan(0)
  expect(found.get("process_resident_memory_bytes")).toBeGreaterThan(1e6)
})
