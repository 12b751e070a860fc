import { expect, test } from "bun:test"
import type { Page } from "playwright"
import { paths } from "../src/paths.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { type Person, signedIn, signIn } from "./person.ts"
import { addTodos, focusRow, kept, row, rows, saving, shows, write } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

/** The words of what has the focus, which is on the screen and shows that it has it. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { top, bottom } = element.getBoundingClientRect()
    if (element === document.body) return "nothing"
    if (top >= innerHeight || bottom <= 0) return `out of sight: ${element.textContent}`
    if (!element.matches(":focus-visible")) return `without a mark: ${element.textContent}`
    return (element.getAttribute("aria-label") ?? element.textContent).trim().split("\n")[0]!
  })
}

/** Goes on with Tab until `last` has the focus. Returns all that had it. */
async function tabTo(page: Page, last: string, most = 40): Promise<string[]> {
  const passed: string[] = []
  for (let n = 0; n < most && passed.at(-1) !== last; n++) {
    await page.keyboard.press("Tab")
    passed.push(await focused(page))
  }
  return passed
}

/** Has the person own so many more todos, at the end of the Inbox. */
async function withMany(page: Page, { email }: Person, count: number) {
  await docket.sql`
    with inbox as (
      update spaces set rev = rev + 1, size = size + ${count}
      where id = (
        select lists.id from lists join memberships on space_id = lists.id
        join accounts on accounts.id = account_id where is_inbox and email = ${email}
      )
      returning id, rev
    )
    insert into todos (id, list_id, title, position, creation_digest, rev)
    select uuidv7(), inbox.id, 'Todo ' || n, 'b' || lpad(n::text, 5, '0') || 'V', '\\x', rev
    from inbox, generate_series(1, ${count}) n`
  await page.reload()
  await page.getByText("Todo 1", { exact: true }).waitFor()
}

test("the page of this device is walked by Tab, in the order it is read, and does all by keys", async () => {
  const device = await newDevice()
  device.expectComplaint(/ERR_FAILED/)
  const page = await device.newTab()
  await signedIn(docket, page)
  await addTodos(page, "Sent")
  await page.context().route("**/api/sync", (route) => route.abort())
  await write(page, "Unsent")
  await kept(page, 1)
  await page.goto(paths.syncSettings)
  await page.getByText(w("change.add", { title: "Unsent" })).waitFor()
  await page.getByText(w("device.notPersisted")).waitFor()
  const passed = await tabTo(page, w("device.spaces"))
  const controls = [
    "device.syncNow",
    "device.persist",
    "device.repair",
    "device.saveFile",
    "device.spaces",
  ] as const
  const named = controls.map((key) => w(key))
  expect(passed.filter((name) => named.includes(name as never))).toEqual(named as string[])
  expect(passed.filter((name) => /^(nothing|out of sight|without a mark)/.test(name))).toEqual([])

  await page.keyboard.press("Enter")
  await page.locator("details[open]").waitFor()
  await page.keyboard.press("Shift+Tab")
  const download = page.waitForEvent("download")
  await page.keyboard.press("Enter")
  await download
  await page.context().unroute("**/api/sync")
  await page.keyboard.press("Shift+Tab")
  await page.keyboard.press("Enter")
  await page.getByText(w("device.repairing")).waitFor()
  expect(await focused(page)).toBe(w("device.repair"))
})

test("arrows go past the rows that were drawn first, and back, and Tab goes on from there", async () => {
  const page = await (await newDevice({ viewport: { width: 1280, height: 720 } })).newTab()
  const person = await signedIn(docket, page)
  await withMany(page, person, 300)
  const drawnFirst = await rows(page).count()
  expect(drawnFirst).toBeLessThan(150)
  await focusRow(page, "Todo 1")
  for (let n = 2; n <= 300; n++) await page.keyboard.press("ArrowDown")
  expect(await focused(page)).toBe("Todo 300")
  // There is no further one.
  await page.keyboard.press("ArrowDown")
  expect(await focused(page)).toBe("Todo 300")
  await page.keyboard.press("Alt+ArrowUp")
  expect(await focused(page)).toBe("Todo 300")
  await page.keyboard.press("ArrowUp")
  expect(await focused(page)).toBe("Todo 298")
  for (let n = 297; n >= 1; n--) await page.keyboard.press("ArrowUp")
  expect(await focused(page)).toBe("Todo 1")
  // The add line is before the first row, however far down one was.
  await page.keyboard.press("Shift+Tab")
  for (
    let n = 0;
    n < 3 && !(await page.evaluate(() => document.activeElement!.matches("input, textarea")));
    n++
  )
    await page.keyboard.press("Shift+Tab")
  expect(await page.evaluate(() => document.activeElement!.getAttribute("placeholder"))).toBe(
    w("todos.addPlaceholder"),
  )
})

test("a row that is scrolled out of sight, however far, keeps the focus, and its title is typed on", async () => {
  const page = await (await newDevice({ viewport: { width: 1280, height: 720 } })).newTab()
  const person = await signedIn(docket, page)
  await withMany(page, person, 20_000)
  const onScreen = () =>
    page.waitForFunction(
      () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-row]") != null,
    )
  const goTo = async (share: number) => {
    await page.evaluate((share) => scrollTo(0, share * document.documentElement.scrollHeight), share)
    await onScreen()
  }
  // They come in parts.
  await page.waitForFunction(() => document.documentElement.scrollHeight > 20_000 * 36)
  await goTo(0.5)
  await focusRow(page, "Todo 10000")
  for (const share of [0.502, 0.9, 1, 0.6, 0.499, 0.1, 0, 0.7]) {
    await goTo(share)
    expect(await focused(page)).toContain("Todo 10000")
    expect(await rows(page).count()).toBeLessThan(150)
  }
  await page.keyboard.press("ArrowDown")
  expect(await focused(page)).toBe("Todo 10001")

  const changes: string[] = []
  page.on("request", (request) => {
    const body = request.url().endsWith("/api/sync") && request.postData()
    if (body && /"ops":\[\{/.test(body)) changes.push(body)
  })
  await page.keyboard.press("F2")
  const field = await page.evaluateHandle(() => document.activeElement as HTMLTextAreaElement)
  let title = "Todo 10001"
  for (const share of [0.9, 0.1, 0.5, 0, 1, 0.501]) {
    await goTo(share)
    await page.keyboard.type(` ${share}`)
    title += ` ${share}`
    // What is typed is shown: the browser goes back there by itself.
    await onScreen()
    await page.mouse.move(640, 360)
    await page.mouse.wheel(0, share > 0.5 ? -30_000 : 30_000)
    await onScreen()
    await page.keyboard.type(".")
    title += "."
    await onScreen()
    expect(await field.evaluate((field) => field === document.activeElement && field.value)).toBe(title)
  }
  expect(changes).toEqual([])
  await saving(page, () => page.keyboard.press("Enter"))
  expect(changes).toHaveLength(1)
  expect(await docket.sql`select from todos where title = ${title}`).toHaveLength(1)
  await page.keyboard.press("ArrowDown")
  expect(await focused(page)).toBe("Todo 10002")
  await goTo(0)
  await page.keyboard.press("Shift+Tab")
  await page.keyboard.press("Tab")
  expect(await page.evaluate(() => document.activeElement!.closest("[data-row]")?.textContent)).toContain(
    "Todo 10002",
  )
})

test("a title is typed on while todos of another device come above it and below", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await addTodos(page, "Bread")
  const other = await (await newDevice()).newTab()
  await signIn(other, person)
  await row(other, "Bread").waitFor()
  device.expectComplaint(/ERR_INTERNET_DISCONNECTED|fetching the script/)
  await device.setOffline(true)
  await focusRow(page, "Bread")
  await page.keyboard.press("F2")
  await page.keyboard.type(" and")
  await addTodos(other, "Lemons", "Salt", "Tea")
  await focusRow(other, "Bread")
  await saving(other, () => other.keyboard.press("Alt+ArrowUp"))
  await shows(other, "Tea", "Salt", "Bread", "Lemons")
  await device.setOffline(false)
  await row(page, "Tea").waitFor()
  await page.keyboard.type(" butter")
  await saving(page, () => page.keyboard.press("Enter"))
  await shows(page, "Tea", "Salt", "Bread and butter", "Lemons")
})

test("the details of a row that was not drawn first open and close by keys, and the focus comes back", async () => {
  const page = await (await newDevice({ viewport: { width: 1280, height: 720 } })).newTab()
  const person = await signedIn(docket, page)
  await withMany(page, person, 300)
  await focusRow(page, "Todo 1")
  for (let n = 2; n <= 200; n++) await page.keyboard.press("ArrowDown")
  await page.keyboard.press("ArrowRight")
  const notes = page.getByLabel(w("todos.notes"))
  await notes.waitFor()
  await page.waitForFunction(() => document.activeElement?.closest("[data-row]") === null)
  await tabTo(page, w("todos.notes"), 20)
  await notes.focus()
  await page.keyboard.type("By keys alone")
  await saving(page, () => page.keyboard.press("Tab"))
  await page.keyboard.press("Escape")
  await notes.waitFor({ state: "detached" })
  expect(await focused(page)).toStartWith("Todo 200")
})

test("what is offered for pasted lines is reached by Tab", async () => {
  const device = await newDevice({ permissions: ["clipboard-read", "clipboard-write"] })
  const page = await device.newTab()
  await signedIn(docket, page)
  await page.evaluate(() => navigator.clipboard.writeText("Bread\nLemons"))
  await page.getByRole("textbox", { name: w("todos.addPlaceholder") }).focus()
  await page.keyboard.press("Control+v")
  await page.getByText(w("todos.pastedLines", { count: 2 })).waitFor()
  const passed = await tabTo(page, w("todos.addAsOne"), 6)
  expect(passed).toContain(w("todos.addMany", { count: 2 }))
  await page.keyboard.press("Shift+Tab")
  expect(await focused(page)).toBe(w("todos.addMany", { count: 2 }))
  await saving(page, () => page.keyboard.press("Enter"))
  await shows(page, "Bread", "Lemons")
})
