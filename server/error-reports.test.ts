import { afterAll, expect, test } from "bun:test"
import { ErrorReports } from "./error-reports.ts"
import { createLog } from "./log.ts"

type Event = {
  event_id: string
  level: string
  release: string
  environment: string
  exception: { values: { type: string; value: string; stacktrace: { frames: Record<string, unknown>[] } }[] }
  tags: Record<string, string>
  user?: { id: string }
  extra: { alsoSinceTheLastReport: number }
}
type Received = {
  path: string
  auth: string
  header: Record<string, string>
  item: { type: string }
  event: Event
}

/** A receiver of envelopes: three lines of JSON, of which the event's is the last. */
function receiver(status = 200) {
  const received: Received[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const [header, item, event] = (await request.text())
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      const auth = request.headers.get("X-Sentry-Auth") ?? ""
      received.push({ path: new URL(request.url).pathname, auth, header, item, event })
      return new Response(null, { status })
    },
  })
  afterAll(() => server.stop(true))
  return { received, dsn: `http://key@127.0.0.1:${server.port}/under/7` }
}

async function reporting(dsn: string) {
  const reports = new ErrorReports({ dsn, environment: "test" })
  const lines: string[] = []
  const log = await createLog(
    { logLevel: "debug", environment: "test" },
    { write: (line) => lines.push(line) },
    reports.hear,
  )
  return { reports, log, lines }
}

test("an error arrives as an envelope, masked like the log, with its cause and where it was", async () => {
  const { received, dsn } = receiver()
  const { reports, log } = await reporting(dsn)
  const cause = new TypeError("no such person as someone.private@example.org")
  log.error(
    { err: new Error("could not", { cause }), requestId: "one", accountId: "ann", route: "/api/todos" },
    "failed",
  )
  await reports.flush()
  expect(received).toHaveLength(1)
  const { path, auth, header, item, event } = received[0]!
  expect(path).toBe("/under/api/7/envelope/")
  expect(auth).toContain("sentry_key=key")
  expect(item).toEqual({ type: "event" })
  expect(header.event_id).toBe(event.event_id)
  expect(event.event_id).toMatch(/^[0-9a-f]{32}$/)
  expect(event).toMatchObject({
    level: "error",
    environment: "test",
    user: { id: "ann" },
    tags: { requestId: "one" },
  })
  expect(event.exception.values.map(({ type, value }) => [type, value])).toEqual([
    ["TypeError", "no such person as s***@example.org"],
    ["Error", "could not"],
  ])
  const frame = event.exception.values[1]!.stacktrace.frames.at(-1)!
  expect(frame.filename).toEndWith("error-reports.test.ts")
  expect(frame.lineno).toBeGreaterThan(1)
})

test("the same error is reported once in five minutes, and says then how often it came", async () => {
  const { received, dsn } = receiver()
  const reports = new ErrorReports({ dsn, environment: "test" })
  const line = (message: string) =>
    JSON.stringify({
      level: "error",
      message: "x",
      err: { type: "Error", message, stack: ["at a (/app/a.ts:1:2)"] },
    })
  const start = Date.parse("2026-01-31T12:00:00Z")
  for (let n = 0; n < 50; n += 1) reports.hear(line(`about ${n}`), start + n)
  reports.hear(line("later"), start + 6 * 60_000)
  await reports.flush()
  expect(received.map(({ event }) => event.extra.alsoSinceTheLastReport).toSorted()).toEqual([0, 49])
})

test("however many different ones there are, a hundred an hour are reported", async () => {
  const { received, dsn } = receiver()
  const reports = new ErrorReports({ dsn, environment: "test" })
  const start = Date.parse("2026-01-31T12:00:00Z")
  for (let n = 0; n < 300; n += 1) {
    reports.hear(JSON.stringify({ level: "error", err: { type: `Error${n}`, message: "x" } }), start + n)
    if (n % 5 === 4) await reports.flush()
  }
  expect(received).toHaveLength(100)
  reports.hear(JSON.stringify({ level: "error", err: { type: "Next", message: "x" } }), start + 3_600_000)
  await reports.flush()
  expect(received).toHaveLength(101)
})

test("what is no error, or no fault of ours, is not reported", async () => {
  const { received, dsn } = receiver()
  const { reports, log } = await reporting(dsn)
  log.info({ err: new Error("x") }, "all is well")
  log.warn({ err: new Error("x") }, "the database is away")
  log.error({ reason: "550" }, "letter given up")
  await reports.flush()
  expect(received).toEqual([])
})

test("a service that is away costs nothing but the report", async () => {
  const { reports, log, lines } = await reporting("http://key@127.0.0.1:9/7")
  log.error({ err: new Error("x") }, "failed")
  await reports.flush()
  expect(lines).toHaveLength(1)
  expect(lines.join("")).not.toContain("key@")
})
