import type { Browser, BrowserContext, Page } from "playwright"
import { eventually } from "../../client/e2e/eventually.ts"
import { paths } from "../../client/src/paths.ts"
import { percentile } from "../bench/load.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import { drawBarePage } from "./bare-page.ts"
import { newDevice } from "./devices.ts"
import type { Docket } from "./docket.ts"
import { complete } from "./interactions.ts"

declare global {
  interface Window {
    rowsPainted: Promise<number>
    allThere: Promise<number>
  }
}

/** https://wicg.github.io/element-timing/, which TypeScript's DOM library leaves out. Milliseconds, by the page's clock. */
type RowTiming = PerformanceEntry & { renderTime: number }

type Load = { rows: number; click?: number; all: number }

/** Where the bare page is; nothing of it comes from the server. */
const BARE = "/bare"

/**
 * Opening the Inbox: on an empty device, cache and all, and on one that has everything, in a new tab, in turns with a bare
 * page of as many rows and elements, which are in its document. From the start of the navigation, by the page's own clock.
 * Prints a table.
 */
export async function loading(browser: Browser, docket: Docket, rounds: number) {
  const cold: Load[] = []
  const warm: Load[] = []
  const bare: number[] = []
  const aside = await browser.newContext({ baseURL: docket.origin, viewport: { width: 1280, height: 800 } })
  for (let round = 0; round < rounds; round++) {
    const context = await newDevice(browser, docket)
    const first = await context.newPage()
    cold.push(await openInbox(first, docket.least, true))
    await eventually(first, isKept, docket.least)
    await first.close()
    for (let tab = 0; tab < 2; tab++) {
      const page = await context.newPage()
      warm.push(await openInbox(page, docket.least))
      // What it asks the server for after that is not to meet the next one.
      await Bun.sleep(1_000)
      if (bare.length === 0) await keepBarePage(aside, page)
      await page.close()
      bare.push(await openBare(aside))
    }
    await context.close()
  }
  await aside.close()
  const row = (name: string, values: number[]) => [
    name,
    ...[50, 100].map((which) => milliseconds(percentile(values, which))),
  ]
  printTable(
    `Opening the Inbox with ${docket.todos} open todos`,
    ["", "p50 ms", "worst ms"],
    [
      row(
        "Empty device: rows painted",
        cold.map(({ rows }) => rows),
      ),
      row(
        "  a press on one right then, until painted",
        cold.map(({ click }) => click!),
      ),
      row(
        "  all todos there",
        cold.map(({ all }) => all),
      ),
      row(
        "Known device: rows painted",
        warm.map(({ rows }) => rows),
      ),
      row("Bare page: rows painted", bare),
    ],
  )
}

/** Waits until `least` todos are there; with `press`, completes one as soon as there are rows. */
export async function openInbox(page: Page, least: number, press = false): Promise<Load> {
  await page.addInitScript(watch, least)
  await page.goto(paths.inbox)
  const rows = await page.evaluate(() => window.rowsPainted)
  let click: number | undefined
  if (press) {
    const at = await complete(page, 0)
    click = await page.evaluate((at) => performance.now() - at, at)
  }
  return { rows, click, all: await page.evaluate(() => window.allThere) }
}

/** Answers at `BARE` with a page of as many rows and elements as `like` has. */
async function keepBarePage(context: BrowserContext, like: Page) {
  const drawing = await context.newPage()
  await drawBarePage(drawing, like)
  const body = await drawing.content()
  await drawing.close()
  await context.route(`**${BARE}`, (route) => route.fulfill({ contentType: "text/html", body }))
}

async function openBare(context: BrowserContext): Promise<number> {
  const page = await context.newPage()
  await page.addInitScript(watch, 0)
  await page.goto(BARE)
  const rows = await page.evaluate(() => window.rowsPainted)
  await page.close()
  return rows
}

/** Runs in the page: whether its disk holds so many open todos. */
export async function isKept(least: number) {
  const { name } = (await indexedDB.databases()).find(({ name }) => name?.startsWith("docket-"))!
  const count = await new Promise<number>((resolve) => {
    const opening = indexedDB.open(name!)
    opening.onsuccess = () => {
      const counting = opening.result.transaction("open").objectStore("open").count()
      counting.onsuccess = () => resolve(counting.result)
      opening.result.close()
    }
  })
  return count >= least
}

/**
 * Runs in the page before anything of it. When the first row was presented is told by Element Timing, of elements that are
 * marked before they are painted; that all are there, by the frame after the one that says so.
 */
function watch(least: number) {
  const marking = new MutationObserver(() => {
    const row = document.querySelector("main [data-row]")
    if (!row) return
    marking.disconnect()
    for (const element of row.querySelectorAll("*")) element.setAttribute("elementtiming", "row")
  })
  marking.observe(document, { childList: true, subtree: true })
  window.rowsPainted = new Promise((resolve) =>
    new PerformanceObserver((list) => resolve((list.getEntries()[0] as RowTiming).renderTime)).observe({
      type: "element",
      buffered: true,
    }),
  )
  const painted = (isThere: () => boolean) =>
    new Promise<number>((resolve) => {
      const look = () => {
        if (isThere()) requestAnimationFrame(() => resolve(performance.now()))
        else requestAnimationFrame(look)
      }
      look()
    })
  window.allThere = painted(() =>
    Array.from(document.querySelectorAll("nav [data-figures] [aria-hidden]")).some(
      ({ textContent }) => Number(textContent.replaceAll(",", "")) >= least,
    ),
  )
}
