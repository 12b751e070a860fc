import type { Browser, Page } from "playwright"
import { eventually } from "../../client/e2e/eventually.ts"
import { percentile } from "../bench/load.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import { drawBarePage } from "./bare-page.ts"
import { newDevice, slowDown } from "./devices.ts"
import type { Docket } from "./docket.ts"
import { add, complete, type Interaction, pressBare, rename, reorder } from "./interactions.ts"
import { isKept, openInbox } from "./loading.ts"
import { timed } from "./stopwatch.ts"
import { type Parts, traced } from "./trace.ts"

const THROTTLE = 4
/** Milliseconds between two interactions, and so many more at random: frames are not to fall at the same place each time. */
const PAUSE = 500
const SPREAD = 50

type Contender = { name: string; page: Page; act: Interaction } & Measured
/** Milliseconds of each press until it was painted, and, of others, where the time went. */
type Measured = { painted: number[]; parts: Parts[] }

/**
 * What a press costs until its change is on the screen, with the processor slowed. All take turns, the bare page too, so
 * that whatever else the machine does falls on all of them. Prints two tables.
 */
export async function clicks(
  browser: Browser,
  docket: Docket,
  { rounds, each }: Record<"rounds" | "each", number>,
) {
  const page = await (await newDevice(browser, docket)).newPage()
  await openInbox(page, docket.least)
  const bare = await (await browser.newContext({ viewport: page.viewportSize() })).newPage()
  const { rows, elements } = await drawBarePage(bare, page)
  for (const slowed of [page, bare]) await slowDown(slowed, THROTTLE)
  const measured = (): Measured => ({ painted: [], parts: [] })
  const contenders: Contender[] = [
    { name: "Bare page: a class", page: bare, act: pressBare, ...measured() },
    { name: "Complete a todo", page, act: complete, ...measured() },
    { name: "Add a todo", page, act: add, ...measured() },
    { name: "Change a title", page, act: rename, ...measured() },
    { name: "Move a todo", page, act: reorder, ...measured() },
  ]
  await eventually(page, isKept, docket.least)
  // The first warms up, the last is recorded.
  for (let round = 0; round <= rounds + 1; round++)
    for (const { page, act, painted, parts } of contenders) {
      await page.bringToFront()
      const press = () => interact(page, act, round === 0 ? 2 : each, round * each)
      if (round === 0) await press()
      else if (round <= rounds) painted.push(...(await timed(page, press)))
      else parts.push(...(await traced(page, press)))
    }
  print(contenders, docket.todos, { rows, elements })
  await page.context().close()
  await bare.context().close()
}

async function interact(page: Page, act: Interaction, times: number, first: number) {
  const pressed: number[] = []
  for (let n = 0; n < times; n++) {
    pressed.push(await act(page, first + n))
    await Bun.sleep(PAUSE + Math.random() * SPREAD)
  }
  return pressed
}

function print(
  contenders: Contender[],
  todos: number,
  { rows, elements }: Record<"rows" | "elements", number>,
) {
  const limit = mean(contenders[0]!.painted)
  printTable(
    `From a press to its painted change, ${todos} todos, processor slowed ${THROTTLE} times (${rows} rows and ${elements} elements in the page)`,
    ["", "presses", "mean ms", "p95 ms", "to the bare page"],
    contenders.map(({ name, painted }) => [
      name,
      `${painted.length}`,
      milliseconds(mean(painted)),
      milliseconds(percentile(painted, 95)),
      (mean(painted) / limit).toFixed(2),
    ]),
  )
  const kinds = ["waited", "handled", "script", "style", "layout", "paint"] as const
  printTable(
    "Of presses that were recorded, which makes them slower, the main thread's, p50 ms (handled: the handlers alone; script: they and what else ran until the frame)",
    ["", ...kinds],
    contenders.map(({ name, parts }) => [
      name,
      ...kinds.map((kind) =>
        milliseconds(
          percentile(
            parts.map((each) => each[kind]),
            50,
          ),
        ),
      ),
    ]),
  )
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
