import { expect } from "bun:test"
import type { Page } from "playwright"
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
