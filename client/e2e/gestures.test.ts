import { expect, test } from "bun:test"
import type { Page } from "playwright"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { signedIn } from "./person.ts"
import { addTodos, focusRow, row, saving, shows } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

/** Milliseconds a finger rests until it has surely lifted a row. */
const LONG_PRESS = 700

test("a finger that rests on a row moves it; one that swipes does not", async () => {
  const device = await newDevice({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true })
  const page = await device.newTab()
  await signedIn(docket, page)
  await addTodos(page, "Three", "Two", "One")
  const from = await middle(page, "One")
  const to = await middle(page, "Three")

  const finger = await newFinger(page)
  await finger.down(from)
  await finger.move(from, { x: from.x, y: from.y - 80 })
  await finger.up()
  await shows(page, "One", "Two", "Three")

  await saving(page, async () => {
    await finger.down(from)
    await Bun.sleep(LONG_PRESS)
    await finger.move(from, { x: to.x, y: to.y + 20 })
    await finger.up()
  })
  await shows(page, "Two", "Three", "One")
  expect(await page.getByRole("dialog").count()).toBe(0)
})

test("several lines that are pasted become several todos", async () => {
  const device = await newDevice({ permissions: ["clipboard-read", "clipboard-write"] })
  const page = await device.newTab()
  await signedIn(docket, page)
  await page.evaluate(() => navigator.clipboard.writeText("- Bread\n- [ ] Lemons\n\n• Coffee"))
  await page.getByRole("textbox", { name: w("todos.addPlaceholder") }).focus()
  await page.keyboard.press("Control+v")
  await page.getByText(w("todos.pastedLines", { count: 3 })).waitFor()
  await saving(page, () => page.keyboard.press("Enter"))
  await shows(page, "Bread", "Lemons", "Coffee")
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: w("shell.undo") }).click()
  await shows(page)
})

test("a row that the keyboard moves keeps the focus, and its new place is announced", async () => {
  const page = await (await newDevice()).newTab()
  await signedIn(docket, page)
  await addTodos(page, "Three", "Two", "One")
  await focusRow(page, "Two")
  await saving(page, () => page.keyboard.press("Alt+ArrowDown"))
  await page
    .getByRole("status")
    .filter({ hasText: w("todos.moved", { position: 3, count: 3 }) })
    .waitFor({ state: "attached" })
  await shows(page, "One", "Three", "Two")
  expect(await page.locator(":focus").textContent()).toContain("Two")
})

type Point = { x: number; y: number }

async function middle(page: Page, title: string): Promise<Point> {
  const { x, y, width, height } = (await row(page, title).boundingBox())!
  return { x: x + width / 2, y: y + height / 2 }
}

/** A finger: what Playwright offers is taps alone. */
async function newFinger(page: Page) {
  const protocol = await page.context().newCDPSession(page)
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...points: Point[]) =>
    protocol.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((at) => ({ ...at, id: 1 })) })
  return {
    down: (at: Point) => touch("touchStart", at),
    async move(from: Point, to: Point, steps = 6) {
      for (let step = 1; step <= steps; step++) {
        const part = step / steps
        await touch("touchMove", {
          x: from.x + (to.x - from.x) * part,
          y: from.y + (to.y - from.y) * part,
        })
      }
    },
    up: () => touch("touchEnd"),
  }
}
