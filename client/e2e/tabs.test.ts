import { expect, test } from "bun:test"
import type { Page } from "playwright"
import type { Message } from "../src/sync/tabs.ts"
import { startEnginePage } from "./engine-page.ts"

const newDevice = await startEnginePage()

declare global {
  var log: (Message["kind"] | "leads")[]
  var tabs: ReturnType<typeof parts.browserTabs>
}

/** Takes part in the page, and notes what it hears and when it leads. When it returns, the tab stands in the line. */
const join = (page: Page, name = "one") =>
  page.evaluate(async (name) => {
    globalThis.log = []
    globalThis.tabs = parts.browserTabs(name)
    tabs.listen((message) => log.push(message.kind))
    tabs.lead(() => log.push("leads"))
    // Answered after the request before it; requests of several tabs overtake each other.
    await navigator.locks?.query()
  }, name)
const tell = (page: Page, kind: "hello" | "retry" | "mended") =>
  page.evaluate((kind) => tabs.tell({ kind }), kind)
const leave = (page: Page) => page.evaluate(() => tabs.close())
const heard = (page: Page) => page.evaluate(() => log)
const leads = (page: Page) => page.waitForFunction(() => log.includes("leads"))
const hears = (page: Page, kind: Message["kind"]) => page.waitForFunction((kind) => log.includes(kind), kind)

test("one tab leads; the next one in line does as soon as it leaves, is closed, or crashes", async () => {
  const device = await newDevice()
  const [first, second, third, fourth] = [
    await device.newTab(),
    await device.newTab(),
    await device.newTab(),
    await device.newTab(),
  ]
  for (const page of [first, second, third, fourth]) await join(page)
  await leads(first)
  await Bun.sleep(200)
  expect(await Promise.all([second, third, fourth].map(heard))).toEqual([[], [], []])
  await leave(first)
  await leads(second)
  await second.close()
  await leads(third)
  expect(await heard(fourth)).toEqual([])
  await third.goto("chrome://crash").catch(() => {})
  await leads(fourth)
})

test("a tab that left the line never leads", async () => {
  const device = await newDevice()
  const [first, second, third] = [await device.newTab(), await device.newTab(), await device.newTab()]
  for (const page of [first, second, third]) await join(page)
  await leads(first)
  await leave(second)
  await leave(first)
  await leads(third)
  expect(await heard(second)).toEqual([])
})

test("each account has a leader of its own, and hears only its own tabs", async () => {
  const device = await newDevice()
  const [one, other] = [await device.newTab(), await device.newTab()]
  await join(one, "one")
  await join(other, "other")
  await Promise.all([leads(one), leads(other)])
  await tell(one, "hello")
  await Bun.sleep(200)
  expect(await heard(other)).toEqual(["leads"])
})

test("what a tab tells, all others hear, in order; it does not hear itself", async () => {
  const device = await newDevice()
  const [one, two, three] = [await device.newTab(), await device.newTab(), await device.newTab()]
  for (const page of [one, two, three]) await join(page)
  await tell(two, "hello")
  await tell(two, "mended")
  await tell(two, "retry")
  for (const page of [one, three]) {
    await hears(page, "retry")
    expect((await heard(page)).filter((kind) => kind !== "leads")).toEqual(["hello", "mended", "retry"])
  }
  expect(await heard(two)).toEqual([])
  await leave(two)
  await tell(two, "retry")
  await tell(one, "hello")
  await Bun.sleep(200)
  expect((await heard(three)).filter((kind) => kind === "retry")).toHaveLength(1)
  expect(await heard(two)).toEqual([])
})

test("two browsers are two devices", async () => {
  const [one, other] = [await (await newDevice()).newTab(), await (await newDevice()).newTab()]
  await join(one)
  await join(other)
  await Promise.all([leads(one), leads(other)])
})

test("over plain HTTP, where there are no locks, every tab leads", async () => {
  const device = await newDevice()
  const [first, second] = [await device.newTab(), await device.newTab()]
  for (const page of [first, second]) {
    const script = await (await page.request.get("/parts.js")).text()
    await page.route("http://docket.example/**", (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><script>${script}</script>` }),
    )
    await page.goto("http://docket.example/")
    expect(await page.evaluate(() => "locks" in navigator)).toBe(false)
    await join(page)
    await leads(page)
  }
  await tell(first, "hello")
  await hears(second, "hello")
})
