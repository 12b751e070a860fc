import { expect, test } from "bun:test"
import type { Page } from "playwright"
import { purgeAccounts } from "../../server/accounts/purge.ts"
import { paths } from "../src/paths.ts"
import { arrived, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { eventually } from "./eventually.ts"
import { type Person, signedIn } from "./person.ts"
import { addTodos, kept, write } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

/** Someone with a todo, on a device that will be told that their account is gone. */
async function someone() {
  const device = await newDevice()
  device.expectComplaint(/401|ERR_FAILED/)
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await addTodos(page, "Sent")
  return { device, page, person }
}

/** As another device or an operator has it deleted, and its grace is over. */
async function deleteAccount({ email }: Person) {
  await docket.sql`update accounts set deletes_at = now() where email = ${email}`
  expect((await purgeAccounts(docket.sql)).accounts).toBe(1)
}

async function writeOffline(page: Page, title: string) {
  await page.context().route("**/api/**", (route) => route.abort())
  await write(page, title)
  await kept(page, 1)
  return () => page.context().unroute("**/api/**")
}

const dialog = (page: Page) => page.getByRole("dialog", { name: w("deleted.title") })

const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).length)

test("an account that was deleted elsewhere: every tab is signed out, and nothing of it stays here", async () => {
  const { device, page, person } = await someone()
  const second = await device.newTab()
  await second.goto(paths.inbox)
  await second.getByText("Sent").waitFor()
  await deleteAccount(person)
  // Their streams end with the session. Whichever tab finds out first removes it; both say so.
  for (const tab of [page, second]) {
    await arrived(tab, paths.signIn)
    await dialog(tab).getByText(w("deleted.removed")).waitFor()
  }
  await eventually(page, async () => (await indexedDB.databases()).length === 0)
  expect(await page.evaluate(() => Object.entries(localStorage).flat().join())).not.toContain(person.email)
  await page.getByRole("button", { name: w("shell.close") }).click()
  await arrived(page, paths.welcome)
  expect(await page.context().cookies()).toEqual([])
  // There is nothing left to ask about.
  const requests: string[] = []
  page.on("request", (request) => requests.push(request.url()))
  await page.reload()
  await page.getByRole("heading", { name: w("welcome.title") }).waitFor()
  await page.waitForLoadState("networkidle")
  expect(requests.filter((url) => url.includes("/api/sessions"))).toEqual([])
})

test("what was never sent is shown, kept until it was saved or given up, and then goes", async () => {
  const { page, person } = await someone()
  const connect = await writeOffline(page, "Unsent")
  await deleteAccount(person)
  await connect()
  await page.reload()
  await dialog(page)
    .getByText(w("deleted.unsent", { count: 1 }))
    .waitFor()
  const change = dialog(page).getByText(w("change.add", { title: "Unsent" }))
  await change.waitFor()

  // Later: it is still there, and asked about again, also on a page that is opened anew.
  await page.keyboard.press("Escape")
  await dialog(page).waitFor({ state: "detached" })
  expect(await databases(page)).toBe(1)
  await page.goto(paths.welcome)
  await change.waitFor()

  // Not by a slip.
  const remove = dialog(page).getByRole("button", { name: w("deleted.remove") })
  const asked: string[] = []
  page.once("dialog", (question) => {
    asked.push(question.message())
    void question.dismiss()
  })
  await remove.click()
  await change.waitFor()
  expect(asked).toEqual([w("deleted.sure")])
  expect(await databases(page)).toBe(1)

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog(page)
      .getByRole("button", { name: w("device.saveFile") })
      .click(),
  ])
  const saved = await Bun.file((await download.path())!).json()
  expect(saved.changes).toMatchObject([
    { text: w("change.add", { title: "Unsent" }), entry: { op: { fields: { title: "Unsent" } } } },
  ])
  await remove.click()
  await dialog(page).getByText(w("deleted.removed")).waitFor()
  await eventually(page, async () => (await indexedDB.databases()).length === 0)
  expect(asked).toHaveLength(1)
})
