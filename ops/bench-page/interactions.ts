import type { Locator, Page } from "playwright"
import { pressedAt, startStopwatch } from "./stopwatch.ts"

/** Does one thing that a person does to a todo. Returns when the event came that did it, by the page's clock in milliseconds. */
export type Interaction = (page: Page, n: number) => Promise<number>

/** Milliseconds in which what comes before the event that counts (a hand over a row, a field that opens) is painted. */
const PREPARED = 300
/** Milliseconds that a hand holds a button down. What the press alone does, as to the focus, is done by then. */
const HELD = 80

/** By a press of the mouse on a check, once those that were completed before have left and nothing moves under the hand. */
export const complete: Interaction = async (page) => {
  await page.waitForFunction(() => !document.querySelector("main [data-row] [aria-checked=true]"))
  return press(page, "[role=checkbox][aria-checked=true]")
}

/** A list of as many elements whose row gets a class: what a press costs at least. */
export const pressBare: Interaction = async (page) => {
  await page.evaluate(() => document.querySelector(".done")?.classList.remove("done"))
  return press(page, ".done")
}

async function press(page: Page, done: string) {
  const row = page.locator(`main [data-row]:not(:has(${done}))`).nth(2)
  const box = (await row.locator("[role=checkbox]").boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await Bun.sleep(PREPARED)
  await startStopwatch(page, "click", done)
  await page.mouse.down()
  await Bun.sleep(HELD)
  await page.mouse.up()
  return pressedAt(page)
}

/** By Enter in the line at the top. */
export const add: Interaction = async (page, n) => {
  const title = `Something new ${n}`
  await page.locator("[data-add-todo]").focus()
  await page.keyboard.insertText(title)
  await Bun.sleep(PREPARED)
  return pressKey(page, "Enter", `:scope > :first-child [aria-label*="${title}"]`, "list")
}

/** By Enter in the field that stands in a row. */
export const rename: Interaction = async (page, n) => {
  const title = `Another title ${n}`
  await focusRow(page, n)
  await page.keyboard.press("F2")
  await page.locator("[data-row] textarea").fill(title)
  await Bun.sleep(PREPARED)
  return pressKey(page, "Enter", `[aria-label*="${title}"]`)
}

/** Down by one, by Alt and an arrow. */
export const reorder: Interaction = async (page, n) => {
  const row = await focusRow(page, n)
  const next = await row.locator("+ [data-row]").getAttribute("data-row")
  await page.keyboard.down("Alt")
  await Bun.sleep(PREPARED)
  const at = await pressKey(page, "ArrowDown", `[data-row="${next}"] + *`)
  await page.keyboard.up("Alt")
  return at
}

/** One of the first rows. */
async function focusRow(page: Page, n: number): Promise<Locator> {
  const row = page.locator("main [data-row]").nth(2 + (n % 10))
  await row.locator("[data-row-focus]").focus()
  return row
}

async function pressKey(page: Page, key: string, selector: string, scope?: "list") {
  await startStopwatch(page, "keydown", selector, scope)
  await page.keyboard.press(key)
  return pressedAt(page)
}
