import { expect, test } from "bun:test"
import type { Page } from "playwright"
import { paths } from "../src/paths.ts"
import { arrived, type Device, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { eventually } from "./eventually.ts"
import { fillSignIn, type Person, signedIn, signIn } from "./person.ts"
import { addTodos, choose, focusRow, kept, onServer, row, saving, shows, titlesOf, write } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

/** Someone with todos, on a device of their own. */
async function someone(...titles: string[]) {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await page.getByText(w("lists.emptyTitle")).waitFor()
  if (titles.length > 0) await addTodos(page, ...titles)
  return { device, page, person }
}

async function otherDevice(person: Person) {
  const device = await newDevice()
  const page = await device.newTab()
  await signIn(page, person)
  return { device, page }
}

/** The page is still served, as by a service worker, but the API is out of reach. */
async function cutOff(device: Device, page: Page) {
  device.expectComplaint(/ERR_FAILED/)
  await page.context().route("**/api/**", (route) => route.abort())
  return () => page.context().unroute("**/api/**")
}

/** Presses what says that changes wait; unless they have gone by themselves meanwhile. */
async function tryNow(page: Page, count: number) {
  const mark = page.getByRole("button", { name: w("sync.offlineUnsent", { count }) })
  await Promise.race([mark.click().catch(() => {}), mark.waitFor({ state: "detached" })])
}

async function rename(page: Page, before: string, after: string) {
  await focusRow(page, before)
  await page.keyboard.press("Enter")
  await page.getByRole("textbox", { name: w("todos.title") }).fill(after)
  await page.keyboard.press("Enter")
  await row(page, after).waitFor()
}

test("what is done offline is there after a reload, then on the server, and on another device", async () => {
  const { device, page, person } = await someone("Three", "Two", "One")
  const elsewhere = await otherDevice(person)
  await shows(elsewhere.page, "One", "Two", "Three")
  const connect = await cutOff(device, page)

  await write(page, "Zero")
  await rename(page, "One", "Uno")
  await page.getByRole("checkbox", { name: w("todos.completeTitle", { title: "Two" }) }).click()
  await focusRow(page, "Three")
  await page.keyboard.press("Alt+ArrowUp")
  await page.getByRole("button", { name: w("sync.offlineUnsent", { count: 4 }) }).waitFor()
  await kept(page, 4)

  await page.reload()
  await shows(page, "Zero", "Three", "Uno")
  await page.getByRole("button", { name: w("sync.offlineUnsent", { count: 4 }) }).waitFor()
  await shows(elsewhere.page, "One", "Two", "Three")

  await connect()
  const connected = performance.now()
  await tryNow(page, 4)
  await shows(elsewhere.page, "Zero", "Three", "Uno")
  console.log(
    `on the second device ${(performance.now() - connected).toFixed(0)} ms after the connection was back`,
  )
  await onServer(docket, person, "Zero", "Three", "Uno", "Two")
})

test("two tabs write offline, one closes, and both are sent", async () => {
  const { device, page, person } = await someone()
  const second = await device.newTab()
  await second.goto(paths.inbox)
  await second.getByText(w("lists.emptyTitle")).waitFor()
  const connect = await cutOff(device, page)
  await write(page, "In the first")
  await write(second, "In the second")
  await shows(page, "In the second", "In the first")
  await kept(second, 2)
  await page.close()
  await connect()
  await onServer(docket, person, "In the second", "In the first")
  await shows(second, "In the second", "In the first")
})

test("a server that is killed while it takes a change has it once in the end", async () => {
  const { device, page, person } = await someone("Before")
  device.expectComplaint(/ERR_|Failed to fetch|fetching the script|50\d/)
  const held = Promise.withResolvers<void>()
  const pushed = page.waitForRequest((request) => /"ops":\[\{/.test(request.postData() ?? ""))
  const holding = docket.sql.begin(async (sql) => {
    await sql`select from spaces for update`
    await write(page, "During")
    await pushed
    await docket.crash()
    held.resolve()
  })
  await held.promise
  await holding
  await page.getByRole("button", { name: w("sync.offlineUnsent", { count: 1 }) }).waitFor()
  await docket.start()
  await onServer(docket, person, "During", "Before")
  await page
    .getByRole("button", { name: w("sync.offlineUnsent", { count: 1 }) })
    .waitFor({ state: "detached" })
  await shows(page, "During", "Before")
})

test("signing out warns of what was not sent, and takes the device's copy with it", async () => {
  const { device, page, person } = await someone("Sent")
  const connect = await cutOff(device, page)
  await write(page, "Unsent")
  await kept(page, 1)
  const answers: boolean[] = [false, true]
  const asked: string[] = []
  page.on("dialog", (dialog) => {
    asked.push(dialog.message())
    void (answers.shift() ? dialog.accept() : dialog.dismiss())
  })
  const leave = () => choose(page, w("shell.account", { name: person.name }), w("accounts.signOut"))
  await leave()
  await shows(page, "Unsent", "Sent")
  await page.context().route("**/api/sync", (route) => route.abort())
  await connect()
  await leave()
  await arrived(page, paths.welcome)
  expect(asked).toEqual(Array(2).fill(w("sync.signOutUnsent", { count: 1 })))
  await eventually(page, async () => (await indexedDB.databases()).length === 0)
  expect(await titlesOf(docket, person)).toEqual(["Sent"])
})

test("a session that ended with changes unsent: they go once the person has signed in again", async () => {
  const { device, page, person } = await someone("Sent")
  device.expectComplaint(/401/)
  const connect = await cutOff(device, page)
  await write(page, "Unsent")
  await kept(page, 1)
  await docket.sql`
    delete from sessions using accounts where accounts.id = account_id and email = ${person.email}`
  await connect()
  await page.reload()
  await arrived(page, paths.signIn)
  await fillSignIn(page, person)
  await arrived(page, paths.inbox)
  await shows(page, "Unsent", "Sent")
  await onServer(docket, person, "Unsent", "Sent")
})

test("two devices that edit the same todo agree in the end, field by field", async () => {
  const { device, page, person } = await someone("Tea", "Coffee")
  const elsewhere = await otherDevice(person)
  await shows(elsewhere.page, "Coffee", "Tea")
  const connect = await cutOff(device, page)
  await rename(page, "Tea", "Green tea")
  await kept(page, 1)
  await focusRow(elsewhere.page, "Tea")
  await saving(elsewhere.page, () => elsewhere.page.keyboard.press("Alt+ArrowUp"))
  await rename(elsewhere.page, "Tea", "Black tea")
  await onServer(docket, person, "Black tea", "Coffee")
  await connect()
  await tryNow(page, 1)
  await shows(page, "Green tea", "Coffee")
  await shows(elsewhere.page, "Green tea", "Coffee")
  await onServer(docket, person, "Green tea", "Coffee")
})

test("a database that cannot be read is made anew, says so, and keeps what was not sent", async () => {
  const { device, page, person } = await someone("Sent")
  const connect = await cutOff(device, page)
  await write(page, "Unsent")
  await kept(page, 1)
  await page.evaluate(async () => {
    const name = (await indexedDB.databases())[0]!.name!
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("outbox", "readwrite")
        transaction.objectStore("outbox").put("rubbish", "broken")
        transaction.oncomplete = () => {
          opening.result.close()
          resolve()
        }
      }
    })
  })
  await connect()
  await page.reload()
  await shows(page, "Unsent", "Sent")
  await onServer(docket, person, "Unsent", "Sent")
  await page.getByRole("button", { name: w("sync.problem") }).click()
  await page.getByText(w("sync.mended")).waitFor()
})

test("thirty todos typed as fast as a robot can are never too much, and it says nothing but that it saves", async () => {
  const { page, person } = await someone()
  const statuses: number[] = []
  const requests: number[] = []
  page.on("response", (response) => {
    if (!response.url().endsWith("/api/sync")) return
    statuses.push(response.status())
    requests.push(JSON.parse(response.request().postData()!).ops.length)
  })
  const titles = Array.from({ length: 30 }, (_, n) => `Todo ${n}`)
  const field = page.getByRole("textbox", { name: w("todos.addPlaceholder") })
  await field.focus()
  for (const title of titles) {
    await page.keyboard.insertText(title)
    await page.keyboard.press("Enter")
  }
  await onServer(docket, person, ...titles.toReversed())
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  expect(Math.max(...requests)).toBeGreaterThan(1)
  expect(await page.getByRole("button", { name: w("sync.problem") }).count()).toBe(0)
})
