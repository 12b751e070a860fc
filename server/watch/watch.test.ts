import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { readConfig } from "../config.ts"
import { connect } from "../database/connect.ts"
import { createLog } from "../log.ts"
import { testApp } from "../testing/app.ts"
import { startSmtp } from "../testing/smtp.ts"
import { startDeadMan } from "./dead-man.ts"
import { looksOf } from "./looks.ts"
import { startWatch } from "./watch.ts"
import { waysOf } from "./ways.ts"

setDefaultTimeout(90_000)

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const SECRET = "the-secret-of-the-address-0123456789"

/** A webhook that keeps what it is sent; `stop` closes it, `start` opens it where it was. */
function hook() {
  const told: { name: string; status: string; text: string }[] = []
  const paths: string[] = []
  let status = 200
  const begin = (port: number) =>
    Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: async (request) => {
        paths.push(new URL(request.url).pathname)
        if (status === 200 && request.headers.get("Content-Type"))
          told.push((await request.json()) as (typeof told)[0])
        return new Response(null, { status })
      },
    })
  let server = begin(0)
  const port = server.port!
  ends.push(() => server.stop(true))
  return {
    url: `http://127.0.0.1:${port}/${SECRET}`,
    told,
    paths,
    answer: (with_: number) => {
      status = with_
    },
    stop: () => server.stop(true),
    start: () => {
      server = begin(port)
    },
  }
}

async function until(condition: () => unknown) {
  for (const end = performance.now() + 60_000; performance.now() < end; await Bun.sleep(20))
    if (condition()) return
  throw new Error("did not come to be")
}

async function watched() {
  const smtp = await startSmtp()
  ends.push(() => smtp.stop())
  const webhook = hook()
  const config = readConfig({
    ENVIRONMENT: "test",
    DATABASE_URL: "postgres://nobody@127.0.0.1:9/docket",
    JWT_SECRET_KEY: "a key for tests that is long enough to be one",
    FRONTEND_URL: "https://docket.example.org",
    SMTP_CA: smtp.environment.SMTP_CA!,
    ALERT_EMAIL: "operator@example.org",
    ALERT_SMTP_URL: `smtp://docket:${encodeURIComponent(smtp.environment.SMTP_PASSWORD!)}@localhost:${smtp.port}`,
    ALERT_WEBHOOK_URL: webhook.url,
  })
  const lines: string[] = []
  const log = await createLog(
    { logLevel: "debug", environment: "test" },
    { write: (line) => lines.push(line) },
  )
  let found: string | null = null
  const looks = [{ name: "DiskFillingUp", patience: 0, look: async () => found }]
  ends.push(startWatch({ looks, ways: waysOf(config), log, every: 20, retries: [100, 100] }))
  return {
    smtp,
    webhook,
    lines,
    set: (what: string | null) => {
      found = what
    },
  }
}

const subjects = ({ smtp }: Awaited<ReturnType<typeof watched>>) =>
  smtp.letters.map(({ message }) => message.subject)

describe("alerts", () => {
  test("go by mail and by webhook, firing and resolved, and say which installation and what to do", async () => {
    const site = await watched()
    site.set("The server's file system has 12 MB left.")
    await until(() => site.webhook.told.length === 1 && site.smtp.letters.length === 1)
    expect(subjects(site)).toEqual(["[firing] DiskFillingUp: https://docket.example.org"])
    expect(site.smtp.letters[0]).toMatchObject({
      to: ["operator@example.org"],
      secure: true,
      username: "docket",
    })
    expect(site.smtp.letters[0]!.message.text).toContain("12 MB left")
    expect(site.webhook.told[0]).toMatchObject({ name: "DiskFillingUp", status: "firing" })
    expect(site.webhook.told[0]!.text).toContain("docs/operations/monitoring.md")
    site.set(null)
    await until(() => site.webhook.told.length === 2 && site.smtp.letters.length === 2)
    expect(site.webhook.told[1]!.status).toBe("resolved")
  })

  test("arrive by mail when the webhook is dead, and the log says so without its address", async () => {
    const site = await watched()
    site.webhook.stop()
    site.set("low")
    await until(() => site.smtp.letters.length === 1)
    await until(() => site.lines.filter((line) => line.includes("alert not sent")).length === 3)
    const text = site.lines.join("")
    expect(text).toContain('"way":"webhook"')
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain("operator@")
  })

  test("arrive by webhook when the mail server is dead", async () => {
    const site = await watched()
    await site.smtp.stop()
    site.set("low")
    await until(() => site.webhook.told.length === 1)
    await until(() =>
      site.lines.some((line) => line.includes("alert not sent") && line.includes('"way":"mail"')),
    )
    expect(site.lines.join("")).not.toContain("a password for the post")
  })

  test("are tried again where the other side fails for a moment, and no redirect is followed", async () => {
    const site = await watched()
    site.webhook.answer(302)
    site.set("low")
    await until(() => site.lines.some((line) => line.includes("answered 302")))
    site.webhook.answer(200)
    await until(() => site.webhook.told.length === 1)
  })
})

test("the dead-man's URL is called on and on; a failure is said once, and never where", async () => {
  const { url, paths, answer } = hook()
  let isQuiet = true
  const lines: string[] = []
  const log = await createLog(
    { logLevel: "debug", environment: "test" },
    { write: (line) => lines.push(line) },
  )
  ends.push(startDeadMan(url, log, { every: 20, isQuiet: () => isQuiet }))
  await Bun.sleep(200)
  expect(paths).toEqual([])
  isQuiet = false
  await until(() => paths.length > 3)
  expect(new Set(paths)).toEqual(new Set([`/${SECRET}`]))
  expect(lines).toEqual([])
  answer(500)
  await until(() => lines.length > 0)
  const calls = paths.length
  await until(() => paths.length > calls + 3)
  answer(200)
  await until(() => lines.length === 2)
  expect(lines[0]).toContain("answered 500")
  expect(lines.join("")).not.toContain(SECRET)
})

describe("what is looked at", () => {
  const look = async (looked: Parameters<typeof looksOf>[0], name: string) =>
    looksOf(looked)
      .find((one) => one.name === name)!
      .look()

  test("is well where all is well", async () => {
    const { dependencies } = await testApp()
    for (const { name, look } of looksOf(dependencies)) expect([name, await look()]).toEqual([name, null])
  })

  test("a database that is away, told of without its address; the rest waits for it", async () => {
    const { dependencies } = await testApp()
    const sql = connect("postgres://nobody@127.0.0.1:9/docket", { max: 1, statementTimeout: 1_000 })
    ends.push(() => sql.end({ timeout: 0 }))
    expect(await look({ ...dependencies, sql }, "DatabaseDown")).toBe("The database does not answer.")
    expect(await look({ ...dependencies, sql }, "QueueOld")).toBeNull()
    expect(await look({ ...dependencies, sql }, "SchemaBehind")).toBeNull()
  })

  test("a schema that lacks a migration, mail that is held up, a job that is old", async () => {
    const { dependencies } = await testApp()
    const { sql, letters } = dependencies
    expect(await look({ ...dependencies, shippedMigration: 9_999 }, "SchemaBehind")).toContain("9999")
    const pause = () => ({ since: new Date().toISOString(), reason: "someone@example.org" })
    expect(await look({ ...dependencies, letters: { ...letters, pause } }, "MailFailing")).toBe(
      "The mail server cannot be used; letters wait.",
    )
    await sql`insert into pgboss.job (name, data, created_on, start_after)
      values ('letters', '{}', now() - interval '20 minutes', now() - interval '20 minutes')`
    expect(await look(dependencies, "QueueOld")).toBe("Jobs wait: letters for 20 min.")
  })

  test("requests that fail and an event loop that is late, by what was counted since", async () => {
    const { dependencies } = await testApp({ METRICS_TOKEN: "a-token-for-tests-that-is-long-enough" })
    const metrics = dependencies.metrics!
    const looks = looksOf(dependencies)
    const of = (name: string) => looks.find((one) => one.name === name)!.look()
    await of("ErrorRateHigh")
    await of("EventLoopSlow")
    for (let n = 0; n < 50; n += 1)
      metrics.requests.observe("GET", "/api/todos", n % 5 === 0 ? 500 : 200, 0.01)
    expect(await of("ErrorRateHigh")).toBe("20 % of requests fail by a fault of ours.")
    const end = performance.now() + 1_500
    while (performance.now() < end);
    await Bun.sleep(150)
    expect(await of("EventLoopSlow")).toContain("late by more than 0.5 s")
  })
})
