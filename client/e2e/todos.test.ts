import { expect, test } from "bun:test"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { signedIn } from "./person.ts"
import { addList, addTodos, choose, focusRow, row, saving, shows } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

async function newPage() {
  const page = await (await newDevice()).newTab()
  await signedIn(docket, page)
  await page.getByText(w("lists.emptyTitle")).waitFor()
  return page
}

test("todos are added, edited, completed, deleted and brought back", async () => {
  const page = await newPage()
  await addTodos(page, "Bread", "Lemons", "Coffee")
  await shows(page, "Coffee", "Lemons", "Bread")

  await focusRow(page, "Lemons")
  await page.keyboard.press("Enter")
  await page.getByRole("textbox", { name: w("todos.title") }).fill("Limes")
  await saving(page, () => page.keyboard.press("Enter"))
  await shows(page, "Coffee", "Limes", "Bread")

  await saving(page, () =>
    page.getByRole("checkbox", { name: w("todos.completeTitle", { title: "Bread" }) }).click(),
  )
  await row(page, "Bread").waitFor({ state: "detached" })
  await saving(page, () => choose(page, w("todos.actionsFor", { title: "Coffee" }), w("todos.delete")))
  await shows(page, "Limes")
  await saving(page, () => page.getByRole("button", { name: w("shell.undo") }).click())
  await shows(page, "Coffee", "Limes")

  await page.reload()
  await shows(page, "Coffee", "Limes")
  await page.getByRole("button", { name: w("todos.completedHeading") }).click()
  await row(page, "Bread").waitFor()
})

test("a press on a check is done where no frame comes after it, and where the row goes before", async () => {
  const page = await newPage()
  await addTodos(page, "Two", "One")
  // As in a page that is hidden right then.
  await page.evaluate(() => {
    window.requestAnimationFrame = () => 0
  })
  const press = (title: string) =>
    page.getByRole("checkbox", { name: w("todos.completeTitle", { title }) }).dispatchEvent("click")
  await saving(page, () => press("One"))
  await page.evaluate(() => {
    const later = window.setTimeout
    window.setTimeout = ((work: () => void, wait = 0) =>
      wait === 200 ? 0 : later(work, wait)) as typeof setTimeout
  })
  await press("Two")
  await saving(page, () => page.getByRole("link", { name: w("todos.today") }).dispatchEvent("click"))
})

test("leaving before the frame of a press on a check is warned of, as it is not on the disk, and does it", async () => {
  const page = await newPage()
  await addTodos(page, "One")
  // As in a page that is too busy to draw.
  await page.evaluate(() => {
    const later = window.setTimeout
    window.requestAnimationFrame = () => 0
    window.setTimeout = ((work: () => void, wait = 0) =>
      wait === 200 ? 0 : later(work, wait)) as typeof setTimeout
    document.addEventListener("click", () => location.reload(), { once: true })
  })
  const asked = page.waitForEvent("dialog")
  const pressed = page.getByRole("checkbox", { name: w("todos.completeTitle", { title: "One" }) }).click()
  const question = await asked
  expect(question.type()).toBe("beforeunload")
  await saving(page, () => question.dismiss())
  await pressed
  await page.reload()
  await page.getByRole("button", { name: w("todos.completedHeading") }).click()
  await row(page, "One").waitFor()
})

test("two presses on a check before a frame leave it as it was", async () => {
  const page = await newPage()
  await addTodos(page, "One")
  await page.evaluate(() => {
    const check = document.querySelector<HTMLElement>("main [data-row] [role=checkbox]")!
    check.click()
    check.click()
  })
  // What was pressed before is with the server when this is.
  await addTodos(page, "Two")
  await shows(page, "Two", "One")
  expect(await page.getByRole("main").getByRole("checkbox", { checked: true }).count()).toBe(0)
  await page.reload()
  await shows(page, "Two", "One")
})

test("a todo that is done by the time the store hears of a press stays done", async () => {
  const page = await newPage()
  await addTodos(page, "One")
  // The key is quicker than the press, as another device may be.
  await saving(page, () =>
    page.evaluate(() => {
      document.querySelector<HTMLElement>("main [data-row] [role=checkbox]")!.click()
      document
        .querySelector("main [data-row-focus]")!
        .dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }))
    }),
  )
  await row(page, "One").waitFor({ state: "detached" })
  await page.reload()
  await page.getByRole("button", { name: w("todos.completedHeading") }).click()
  await row(page, "One").waitFor()
})

test("the order changes by the keyboard and stays", async () => {
  const page = await newPage()
  await addTodos(page, "Three", "Two", "One")
  await focusRow(page, "Three")
  await saving(page, () => page.keyboard.press("Alt+ArrowUp"))
  await saving(page, () => page.keyboard.press("Alt+ArrowUp"))
  await shows(page, "Three", "One", "Two")
  expect(await page.locator(":focus").textContent()).toContain("Three")
  await page.reload()
  await shows(page, "Three", "One", "Two")
})

test("the order changes by dragging", async () => {
  const page = await newPage()
  await addTodos(page, "Three", "Two", "One")
  await row(page, "One").hover()
  // For a mouse alone, so it has no name by which to find it.
  const handle = (await row(page, "One").locator("[data-handle]").boundingBox())!
  const to = (await row(page, "Three").boundingBox())!
  await saving(page, async () => {
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2)
    await page.mouse.down()
    await page.mouse.move(handle.x + 40, to.y + to.height - 4, { steps: 10 })
    await page.mouse.up()
  })
  await shows(page, "Two", "Three", "One")
})

test("a todo moves to another list, which is renamed, deleted and brought back", async () => {
  const page = await newPage()
  await addTodos(page, "Walk by the river")
  await addList(page, "Weekend")
  await page.getByRole("link", { name: w("lists.inbox") }).click()
  await choose(page, w("todos.actionsFor", { title: "Walk by the river" }), w("todos.openDetails"))
  await saving(page, () => choose(page, w("todos.listIs", { list: w("lists.inbox") }), "Weekend"))
  await page.keyboard.press("Escape")
  await shows(page)

  await page.getByRole("link", { name: "Weekend" }).click()
  await shows(page, "Walk by the river")
  const actions = page
    .getByRole("navigation")
    .getByRole("button", { name: w("lists.actionsFor", { list: "Weekend" }) })
  await actions.click()
  await page.getByRole("menuitem", { name: w("lists.rename") }).click()
  await page.getByRole("textbox", { name: w("lists.name") }).fill("Sunday")
  await saving(page, () => page.keyboard.press("Enter"))
  await page.getByRole("heading", { name: "Sunday" }).waitFor()

  await page
    .getByRole("navigation")
    .getByRole("button", { name: w("lists.actionsFor", { list: "Sunday" }) })
    .click()
  await saving(page, () => page.getByRole("menuitem", { name: w("lists.delete") }).click())
  await page.getByRole("link", { name: "Sunday" }).waitFor({ state: "detached" })
  await saving(page, () => page.getByRole("button", { name: w("shell.undo") }).click())
  await page.getByRole("link", { name: "Sunday" }).click()
  await shows(page, "Walk by the river")
})

test("everything about a todo can be done with the keyboard alone", async () => {
  const page = await newPage()
  await page.keyboard.press("n")
  await page.keyboard.type("Tea")
  await saving(page, () => page.keyboard.press("Enter"))
  await page.keyboard.type("Milk")
  await saving(page, () => page.keyboard.press("Enter"))
  await page.keyboard.press("ArrowDown")
  await saving(page, () => page.keyboard.press("Space"))
  await row(page, "Milk").waitFor({ state: "detached" })
  await page.keyboard.press("F2")
  await page.keyboard.type(" and honey")
  await saving(page, () => page.keyboard.press("Enter"))
  await shows(page, "Tea and honey")
  await saving(page, () => page.keyboard.press("Delete"))
  await shows(page)
  await saving(page, () => page.keyboard.press("Control+z"))
  await shows(page, "Tea and honey")
})

test("what is refused is as it was before, and a message says why", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await addTodos(page, "Here today")
  await docket.sql`
    update todos set trashed_at = now(), rev = rev + 1
    where list_id in (select space_id from memberships join accounts on accounts.id = account_id
                      where email = ${person.email})`
  await docket.sql`delete from todos where title = 'Here today'`
  await focusRow(page, "Here today")
  await page.keyboard.press("F2")
  await page.getByRole("textbox", { name: w("todos.title") }).fill("Gone tomorrow")
  await page.keyboard.press("Enter")
  await page.getByText(w("refused.not-found")).waitFor()
})

test("a change made without a connection is sent when it is back", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  await signedIn(docket, page)
  await page.getByText(w("lists.emptyTitle")).waitFor()
  device.expectComplaint(/ERR_INTERNET_DISCONNECTED|fetching the script/)
  await device.setOffline(true)
  await page.getByRole("textbox", { name: w("todos.addPlaceholder") }).focus()
  await page.keyboard.type("Written on a train")
  await page.keyboard.press("Enter")
  await shows(page, "Written on a train")
  await saving(page, () => device.setOffline(false))
  await page.reload()
  await shows(page, "Written on a train")
})
