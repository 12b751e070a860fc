import { expect, test } from "bun:test"
import { paths } from "../src/paths.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false, environment: { REGISTRATION: "closed" } })
const newDevice = await startBrowser(docket)
const w = words()

test("where registration is closed, no page offers it", async () => {
  const page = await (await newDevice()).newTab()
  await page.goto(paths.welcome)
  await page.getByRole("link", { name: w("accounts.signIn") }).waitFor()
  expect(await page.getByRole("link", { name: w("accounts.register") }).count()).toBe(0)
  await page.goto(paths.register)
  await page.getByText(w("problem.registration-closed")).waitFor()
  expect(await page.getByRole("button", { name: w("register.submit") }).count()).toBe(0)
})
