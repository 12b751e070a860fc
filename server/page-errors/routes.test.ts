import { afterAll, describe, expect, test } from "bun:test"
import { ErrorReports } from "../error-reports.ts"
import { createLog } from "../log.ts"
import { testApp } from "../testing/app.ts"
import { pageErrorRoutes } from "./routes.ts"
import { browserOf, scrubbed } from "./scrub.ts"

/** A receiver of envelopes: the last line of each is the event. */
const received: Record<string, unknown>[] = []
const receiver = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    received.push(JSON.parse((await request.text()).trimEnd().split("\n").at(-1)!))
    return new Response()
  },
})
afterAll(() => receiver.stop(true))
const dsn = `http://key@127.0.0.1:${receiver.port}/7`

const error = {
  type: "TypeError",
  message: "Cannot read properties of undefined (reading 'title')",
  stack: ["    at rowOf (/assets/start-abc.js:1:2345)", "    at /assets/start-abc.js:1:99"],
  path: "/lists/0199c0de-7a3b-7000-8000-000000000000",
  release: "1.2.3",
}

async function reporting() {
  const docket = await testApp({ SENTRY_DSN: dsn })
  const reports = new ErrorReports({ dsn, environment: "test" })
  const lines: string[] = []
  const output = { write: (line: string) => lines.push(line) }
  const log = await createLog({ logLevel: "info", environment: "test" }, output, reports.hear)
  const app = pageErrorRoutes({ ...docket.dependencies, log })
  const tell = (body: unknown, address = "192.0.2.7") =>
    app.handle(
      new Request("http://localhost/api/page-errors", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Forwarded-For": address,
          "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0 Safari/537.36",
        },
        body: JSON.stringify(body),
      }),
    )
  return { ...docket, tell, reports, lines }
}

test("an error of the page is logged and reported, under the page's release and the request's id", async () => {
  received.length = 0
  const { tell, reports, lines, request } = await reporting()
  expect((await request("POST", "/api/page-errors", { body: error })).status).toBe(204)
  expect((await (await request("GET", "/api/instance")).json()).pageErrors).toBe(true)
  expect((await tell({ ...error, requestId: "0199c0de-7a3b-7000-8000-00000000000a" })).status).toBe(204)
  await reports.flush()
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: "error",
    page: "/lists/:id",
    pageRelease: "1.2.3",
    requestId: "0199c0de-7a3b-7000-8000-00000000000a",
    browser: "Chrome 141",
  })
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({
    platform: "javascript",
    logger: "docket.page",
    release: "1.2.3",
    transaction: "/lists/:id",
    tags: { requestId: "0199c0de-7a3b-7000-8000-00000000000a", browser: "Chrome 141" },
  })
  const [exception] = (received[0] as { exception: { values: { stacktrace: { frames: object[] } }[] } })
    .exception.values
  expect(exception!.stacktrace.frames.at(-1)).toMatchObject({
    function: "rowOf",
    filename: "/assets/start-abc.js",
    lineno: 1,
  })
})

test("the same error of many pages is reported once, whatever else each says", async () => {
  received.length = 0
  const { tell, reports } = await reporting()
  for (let page = 0; page < 20; page += 1)
    expect((await tell({ ...error, message: `Cannot do ${page}` }, `192.0.2.${page}`)).status).toBe(204)
  await reports.flush()
  expect(received).toHaveLength(1)
})

test("a network that tells of too many has to wait, and another has not", async () => {
  const { tell } = await reporting()
  const statuses: number[] = []
  for (let n = 0; n < 32; n += 1) statuses.push((await tell(error)).status)
  expect(statuses.indexOf(429)).toBe(30)
  expect((await tell(error, "192.0.2.8")).status).toBe(204)
})

test("what is too long, too much or no report is refused", async () => {
  const { request, dependencies } = await testApp({ SENTRY_DSN: dsn })
  expect(dependencies.config.sentryDsn).not.toBeNull()
  for (const wrong of [
    {},
    { ...error, message: "x".repeat(501) },
    { ...error, stack: Array(21).fill("at a (/a.js:1:1)") },
    { ...error, more: 1 },
  ])
    expect((await request("POST", "/api/page-errors", { body: wrong })).status).toBe(400)
})

test("where nothing is reported the address does not exist, and the page is told so", async () => {
  const { request } = await testApp()
  expect((await request("POST", "/api/page-errors", { body: error })).status).toBe(404)
  expect((await (await request("GET", "/api/instance")).json()).pageErrors).toBe(false)
})

describe("left out is", () => {
  const message = (text: string) => scrubbed({ ...error, message: text }).err.message
  test("what was quoted, which may be somebody's words", () => {
    for (const text of [
      `Unexpected token 'B', "Buy oat milk" is not valid JSON`,
      "No list called “Presents for Ann”",
      "invalid value 'Call Ben' of select",
      "`Ring the doctor` is not a function",
    ])
      expect(message(text)).not.toMatch(/milk|Presents|Ben|doctor/)
  })
  test("not the name of what was wanted, without which an error says nothing", () => {
    expect(message("Cannot read properties of undefined (reading 'title')")).toContain("reading 'title'")
    expect(message("Cannot read properties of null (reading 'Buy oat milk')")).not.toContain("milk")
    expect(message("title is not defined")).toBe("title is not defined")
  })
  test("what an address holds besides its path", () => {
    expect(message("Failed to fetch https://docket.example.org/search?text=milk#token=abc")).toBe(
      "Failed to fetch /search",
    )
    expect(scrubbed({ ...error, path: "/verify?x=1#token=abc" }).page).toBe("/verify")
  })
  test("lines of a stack that are no calls", () => {
    const stack = [
      "TypeError: Buy oat milk",
      "    at f (https://x.example/assets/a.js?milk:1:2)",
      "g@https://x.example/assets/b.js:3:4",
      "@/assets/c.js:5:6",
      "Buy oat milk (/a.js:1:2)",
    ]
    expect(scrubbed({ ...error, stack }).err.stack).toEqual([
      "at f (/assets/a.js:1:2)",
      "at g (/assets/b.js:3:4)",
      "at /assets/c.js:5:6",
    ])
  })
})

test("a browser is told by its name and version alone", () => {
  expect(browserOf("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0")).toBe(
    "Edge 141",
  )
  expect(browserOf("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15")).toBe(
    "Safari 18",
  )
  expect(browserOf("Mozilla/5.0 (X11; rv:128.0) Gecko/20100101 Firefox/128.0")).toBe("Firefox 128")
  expect(browserOf("curl/8")).toBeNull()
})
