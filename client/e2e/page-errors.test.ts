import { afterAll, expect, test } from "bun:test"
import { paths } from "../src/paths.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { signedIn } from "./person.ts"
import { words } from "./words.ts"

type Event = {
  release: string
  transaction: string
  tags: { requestId: string; browser: string }
  exception: { values: { type: string; value: string; stacktrace: { frames: { filename: string }[] } }[] }
}

/** What speaks Sentry's protocol: of each envelope the last line is the event. */
const received: Event[] = []
const receiver = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    received.push(JSON.parse((await request.text()).trimEnd().split("\n").at(-1)!))
    return new Response()
  },
})
afterAll(() => receiver.stop(true))

const docket = await startDocket({
  mail: false,
  environment: { SENTRY_DSN: `http://key@127.0.0.1:${receiver.port}/7` },
})
const newDevice = await startBrowser(docket)
const w = words()

async function until(condition: () => boolean) {
  for (let tries = 0; tries < 2_000 && !condition(); tries += 1) await Bun.sleep(20)
  expect(condition()).toBe(true)
}

test("a page that breaks as it is drawn, and a promise that nobody looks after, are told of once", async () => {
  // Parts of the page come from a worker's store otherwise, where they cannot be broken.
  const device = await newDevice({ serviceWorkers: "block" })
  device.expectComplaint(/milk|forgotten|addEventListener|[Ss]ervice ?[Ww]orker/)
  const page = await device.newTab()
  await signedIn(docket, page)
  const breaks = (part: string, body: string) =>
    page.route(`**/assets/${part}-*.js`, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: `export default function ${part}() { ${body} }`,
      }),
    )
  await breaks("SearchPage", `throw new TypeError('no row for "Buy oat milk" of someone@example.org')`)
  await breaks("About", `Promise.reject(new RangeError("forgotten")); return ""`)
  const told: string[] = []
  page.on("request", (request) => {
    if (request.url().endsWith("/api/page-errors")) told.push(request.postData()!)
  })
  for (let times = 1; times <= 3; times += 1) {
    await page.goto(`${paths.search}?text=milk`)
    await page.getByText(w("shell.failureTitle")).waitFor()
    await until(() => told.length === times)
  }
  await page.goto(paths.about)
  await until(() => told.length === 4)
  await until(() => received.length === 2)
  // Whatever else was on its way is there now.
  await Bun.sleep(300)
  expect(received.map(({ exception }) => exception.values[0]!.type)).toEqual(["TypeError", "RangeError"])
  const [drawn] = received
  expect(drawn!.transaction).toBe(paths.search)
  expect(drawn!.release).toMatch(/^\d+\.\d+\.\d+/)
  expect(drawn!.tags.requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(drawn!.tags.browser).toMatch(/^Chrome \d+$/)
  expect(drawn!.exception.values[0]!.stacktrace.frames.at(-1)!.filename).toMatch(/^\/assets\/SearchPage-/)
  expect(JSON.stringify(received)).not.toMatch(/milk|someone/)
})

test("what an extension of the browser does wrong is nobody's business here", async () => {
  const device = await newDevice()
  device.expectComplaint(/not ours/)
  const page = await device.newTab()
  const told: string[] = []
  page.on("request", (request) => {
    if (request.url().includes("/api/")) told.push(new URL(request.url()).pathname)
  })
  await page.goto(paths.welcome)
  await page.getByRole("heading", { level: 1 }).waitFor()
  const before = told.filter((path) => path === "/api/page-errors").length
  await page.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error("not ours")
      }),
  )
  await Bun.sleep(500)
  expect(told.filter((path) => path === "/api/page-errors").length).toBe(before)
})
