import type { Browser, Page } from "playwright"
import { eventually } from "../../client/e2e/eventually.ts"
import { percentile } from "../bench/load.ts"
import { milliseconds, printTable } from "../bench/table.ts"
import { newDevice } from "./devices.ts"
import type { Docket } from "./docket.ts"
import { add } from "./interactions.ts"
import { isKept, openInbox } from "./loading.ts"

/** What is added on one device, until another of the same person has painted it; both in one browser. Prints a table. */
export async function spreading(browser: Browser, docket: Docket, times: number) {
  const [here, there] = await Promise.all([openDevice(browser, docket), openDevice(browser, docket)])
  const took: number[] = []
  for (let n = -3; n < times; n++) {
    const painted = there.evaluate(
      (title) =>
        new Promise<number>((resolve) => {
          const look = () => {
            const text = document.querySelector("main [data-row]")?.textContent
            if (text?.includes(title))
              requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()))
            else requestAnimationFrame(look)
          }
          look()
        }),
      `Something new ${n}`,
    )
    const pressed = await add(here, n)
    const elapsed = (await painted) - (pressed + (await here.evaluate(() => performance.timeOrigin)))
    if (n >= 0) took.push(elapsed)
    await Bun.sleep(Math.random() * 100)
  }
  printTable(
    `A todo added on one device, until it is painted on another, ${docket.todos} todos on both`,
    ["changes", "p50 ms", "p95 ms", "worst ms"],
    [[`${times}`, ...[50, 95, 100].map((which) => milliseconds(percentile(took, which)))]],
  )
  await here.context().close()
  await there.context().close()
}

async function openDevice(browser: Browser, docket: Docket): Promise<Page> {
  const page = await (await newDevice(browser, docket)).newPage()
  await openInbox(page, docket.least)
  await eventually(page, isKept, docket.least)
  return page
}
