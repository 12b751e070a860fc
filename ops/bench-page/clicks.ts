import type { Browser, Page } from "playwright"
import { eventually } from "../../client/e2e/eventually.ts"
import { percentile } from "../bench/load.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import { drawBarePage } from "./bare-page.ts"
import { newDevice, slowDown } from "./devices.ts"
import type { Docket } from "./docket.ts"
import { add, complete, type Interaction, pressBare, rename, reorder } from "./interactions.ts"
import { isKept, openInbox } from "./loading.ts"
import { type Painted, traced } from "./trace.ts"

const THROTTLE = 4
/** Milliseconds between two interactions, and so many more at random: frames are not to fall at the same place each time. */
const PAUSE = 500
const SPREAD = 50

type Contender = { name: string; page: Page; act: Interaction; painted: Painted[] }

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
  const contenders: Contender[] = [
    { name: "Bare page: a class", page: bare, act: pressBare, painted: [] },
    { name: "Complete a todo", page, act: complete, painted: [] },
    { name: "Add a todo", page, act: add, painted: [] },
    { name: "Change a title", page, act: rename, painted: [] },
    { name: "Move a todo", page, act: reorder, painted: [] },
  ]
  await eventually(page, isKept, docket.least)
  for (let round = 0; round <= rounds; round++)
    for (const { page, act, painted } of contenders) {
      const times = round === 0 ? 2 : each
      await page.bringToFront()
      const found = await traced(page, () => interact(page, act, times, round * each))
      if (round > 0) painted.push(...found)
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
  const median = (painted: Painted[], part: keyof Painted) =>
    percentile(
      painted.map((each) => each[part]),
      50,
    )
  const limit = median(contenders[0]!.painted, "total")
  printTable(
    `From a press to its painted change, ${todos} todos, processor slowed ${THROTTLE} times (${rows} rows and ${elements} elements in the page)`,
    ["", "presses", "p50 ms", "p95 ms", "to the bare page"],
    contenders.map(({ name, painted }) => [
      name,
      `${painted.length}`,
      milliseconds(median(painted, "total")),
      milliseconds(
        percentile(
          painted.map(({ total }) => total),
          95,
        ),
      ),
      (median(painted, "total") / limit).toFixed(2),
    ]),
  )
  const parts = ["waited", "handled", "script", "style", "layout", "paint"] as const
  printTable(
    "Of which on the main thread, p50 ms (handled: the handlers alone; script: they and what else ran until the frame)",
    ["", ...parts],
    contenders.map(({ name, painted }) => [
      name,
      ...parts.map((part) => milliseconds(median(painted, part))),
    ]),
  )
}
