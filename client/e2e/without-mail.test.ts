import { expect, test } from "bun:test"
import { paths } from "../src/paths.ts"
import { arrived, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { newPerson, register, signedIn } from "./person.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

test("an account is ready at once", async () => {
  const page = await (await newDevice()).newTab()
  await register(page, newPerson())
  await arrived(page, paths.inbox)
})

test("an address that has an account is told", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  const device = await newDevice()
  device.expectComplaint(/409 .*accounts/)
  const other = await device.newTab()
  await register(other, person)
  await other.getByText(w("problem.email-taken")).waitFor()
})

test("a forgotten password leads to whoever runs the instance", async () => {
  const page = await (await newDevice()).newTab()
  await page.goto(paths.forgot)
  await page.getByRole("heading", { name: w("forgot.noMailTitle") }).waitFor()
  await page.getByText("reset-link").waitFor()
})

test("an address changes at once", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await page.goto(paths.securitySettings)
  const section = page.getByRole("region", { name: w("email.title") })
  await section.getByLabel(w("email.new")).fill(`new-${person.email}`)
  await section.getByLabel(w("forms.currentPassword")).fill(person.password)
  await section.getByRole("button", { name: w("email.submit") }).click()
  await section.getByText(w("email.current", { email: `new-${person.email}` })).waitFor()
  expect(await section.getByLabel(w("email.new")).inputValue()).toBe("")
})
