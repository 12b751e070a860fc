import { expect } from "bun:test"
import type { Page } from "playwright"
import type { Docket } from "./docket.ts"
import { eventually } from "./eventually.ts"
import type { Person } from "./person.ts"
import { words } from "./words.ts"

const w = words()

/** Does something that changes lists or todos, and waits until the server has taken it. */
export async function saving(page: Page, act: () => Promise<unknown>) {
  const answer = page.waitForResponse(
    (response) =>
      response.url().endsWith("/api/sync") && /"ops":\[\{/.test(response.request().postData() ?? ""),
  )
  await act()
  expect((await answer).status()).toBeLessThan(300)
}

/** The rows of the list that is open, in their order. */
export const rows = (page: Page) => page.getByRole("main").getByRole("listitem")

/** The row of the todo with this title. */
export const row = (page: Page, title: string) => rows(page).filter({ hasText: title })

/** Waits until the open list shows exactly these titles, in this order. */
export async function shows(page: Page, ...titles: string[]) {
  const shown = async () => (await rows(page).allInnerTexts()).map((text) => text.trim().split("\n")[0])
  for (let tries = 0; tries < 100 && (await shown()).join("\n") !== titles.join("\n"); tries++)
    await Bun.sleep(50)
  expect(await shown()).toEqual(titles)
}

/** Adds todos by the line at the top of the list, one after another without leaving it. */
export async function addTodos(page: Page, ...titles: string[]) {
  const field = page.getByRole("textbox", { name: w("todos.addPlaceholder") })
  await field.focus()
  for (const title of titles) {
    await page.keyboard.type(title)
    await saving(page, () => page.keyboard.press("Enter"))
  }
}

/** Puts the focus on a todo, as arrows do. */
export const focusRow = (page: Page, title: string) =>
  row(page, title).getByRole("button", { name: title, exact: true }).focus()

/** Makes a list by the sidebar, and goes to it. */
export async function addList(page: Page, name: string) {
  await page.getByRole("button", { name: w("lists.add"), exact: true }).click()
  await page.getByRole("textbox", { name: w("lists.newName") }).fill(name)
  await saving(page, () => page.keyboard.press("Enter"))
  await page.getByRole("heading", { name }).waitFor()
}

/** Chooses an entry of the menu that the button opens. */
export async function choose(page: Page, button: string, entry: string) {
  await page.getByRole("button", { name: button, exact: true }).click()
  await page.getByRole("menu").getByText(entry, { exact: true }).click()
}

/** Writes a todo by the line at the top, and does not wait for the server. */
export async function write(page: Page, title: string) {
  await page.getByRole("textbox", { name: w("todos.addPlaceholder") }).focus()
  await page.keyboard.type(title)
  await page.keyboard.press("Enter")
  await row(page, title).waitFor()
}

/** Waits until everything made on the page is on its disk. */
export async function kept(page: Page, count: number) {
  await eventually(
    page,
    async (count) => {
      const name = (await indexedDB.databases()).find(({ name }) => name?.startsWith("docket-"))?.name
      if (!name) return false
      return new Promise<boolean>((resolve) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => {
          const all = opening.result.transaction("outbox").objectStore("outbox").getAll()
          all.onsuccess = () => {
            opening.result.close()
            resolve(all.result.filter(({ doneAt }) => !doneAt).length === count)
          }
        }
      })
    },
    count,
  )
}

/** What someone's open lists hold on the server, in order. */
export const titlesOf = async (docket: Docket, { email }: Person) =>
  (
    await docket.sql<{ title: string }[]>`
      select title from todos join memberships on space_id = list_id join accounts on accounts.id = account_id
      where email = ${email} and trashed_at is null order by todos.position`
  ).map(({ title }) => title)

/** Waits until the server has exactly these. */
export async function onServer(docket: Docket, person: Person, ...titles: string[]) {
  for (let tries = 0; tries < 200 && (await titlesOf(docket, person)).join() !== titles.join(); tries++)
    await Bun.sleep(50)
  expect(await titlesOf(docket, person)).toEqual(titles)
}
