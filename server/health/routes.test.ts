import { afterAll, describe, expect, test } from "bun:test"
import { Elysia } from "elysia"
import { connect } from "../database/connect.ts"
import { newAccount, testApp } from "../testing/app.ts"
import { healthRoutes } from "./routes.ts"

const { request, dependencies } = await testApp()
const withoutMail = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "" })

/** The health routes over a database that is not there as it should be. */
function overDatabase(url: string) {
  const sql = connect(url, { max: 2, statementTimeout: 1_000 })
  afterAll(() => sql.end({ timeout: 0 }))
  const app = new Elysia().use(healthRoutes({ ...dependencies, sql }))
  return (path: string) => app.handle(new Request(`http://localhost${path}`))
}

describe("with everything in place", () => {
  test("it says so, in the words that operators' monitors read", async () => {
    const answer = await request("GET", "/health")
    expect(answer.status).toBe(200)
    expect(answer.headers.get("Cache-Control")).toBe("no-store")
    const body = await answer.json()
    expect(body).toMatchObject({ status: "healthy", database: "connected", smtp: "configured" })
    expect(body.version).toBe(dependencies.version)
    expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(60_000)
    // The tests of a release also run on the schema of the next (ops/test-previous.ts).
    const [row] = await dependencies.sql`select max(number) as applied from migrations`
    const status = row?.applied > dependencies.shippedMigration ? "ahead" : "current"
    expect(body.checks.database).toMatchObject({ status: "up", schema: { status, applied: row?.applied } })
    expect(body.checks.database.pool.open).toBeGreaterThan(0)
    expect(body.checks.disk.totalBytes).toBeGreaterThan(0)
  })

  test("a scraper cannot load the database with it", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => request("GET", "/health")))
    const latencies = new Set(
      await Promise.all(answers.map(async (it) => (await it.json()).checks.database.latency)),
    )
    expect(latencies.size).toBe(1)
  })
})

describe("mail", () => {
  test("that waits longer than a quarter of an hour is degraded, and no 503", async () => {
    const instance = await testApp()
    const { request, dependencies } = instance
    const accountId = await newAccount(instance)
    await dependencies.letters.enqueue(dependencies.sql, { kind: "verify-email", accountId })
    await dependencies.sql`update pgboss.job set created_on = created_on - interval '20 minutes'`
    const answer = await request("GET", "/health")
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      status: "healthy",
      checks: { mail: { status: "degraded", waiting: 1, givenUp: 0 } },
    })
  })

  test("that was given up is counted", async () => {
    const instance = await testApp()
    const { request, dependencies } = instance
    const accountId = await newAccount(instance)
    await dependencies.letters.enqueue(dependencies.sql, { kind: "verify-email", accountId })
    await dependencies.sql`update pgboss.job set state = 'failed', completed_on = now()`
    expect((await (await request("GET", "/health")).json()).checks.mail).toMatchObject({
      status: "ok",
      waiting: 0,
      oldestSeconds: null,
      givenUp: 1,
    })
  })
})

test("no mail is a fact, not a fault", async () => {
  const answer = await withoutMail.request("GET", "/health")
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    status: "healthy",
    smtp: "not configured",
    checks: { mail: { status: "not configured" } },
  })
})

test("a database that is away is a 503 that names the reason and no address", async () => {
  const ask = overDatabase("postgres://docket@127.0.0.1:9/docket")
  const answer = await ask("/health")
  expect(answer.status).toBe(503)
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({
    status: "unhealthy",
    database: "disconnected",
    checks: { database: { status: "down", reason: "ECONNREFUSED" } },
  })
  expect(text).not.toContain("127.0.0.1")
  expect((await ask("/health/live")).status).toBe(200)
})

test("a database that accepts and never answers is a 503 within five seconds", async () => {
  const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  afterAll(() => silent.stop(true))
  const ask = overDatabase(`postgres://docket@127.0.0.1:${silent.port}/docket`)
  const answer = await Promise.race([ask("/health"), Bun.sleep(5_000)])
  expect(answer?.status).toBe(503)
  expect((await ask("/health/live")).status).toBe(200)
})
