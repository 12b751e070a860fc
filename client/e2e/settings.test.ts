import { expect, test } from "bun:test"
import { paths } from "../src/paths.ts"
import { arrived, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { fillSignIn, signedIn, signIn, signOut, verify } from "./person.ts"
import { words } from "./words.ts"

const docket = await startDocket()
const newDevice = await startBrowser(docket)
const w = words()

test("language, theme and time zone apply at once and are there on another device", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await page.goto(paths.profileSettings)
  await page.getByText(w("profile.theme.dark")).click()
  expect(await page.getAttribute("html", "data-theme")).toBe("dark")
  await page.getByLabel(w("forms.timeZone")).selectOption("Asia/Taipei")
  const saved = page.waitForResponse(
    (response) => response.request().postData()?.includes("language") ?? false,
  )
  await page.getByLabel(w("forms.language"), { exact: true }).selectOption("zh-TW")
  const there = words("zh-TW")
  await page.getByRole("heading", { name: there("settings.title") }).waitFor()
  expect(await page.getAttribute("html", "lang")).toBe("zh-TW")
  expect((await saved).status()).toBe(200)

  const elsewhere = await (await newDevice({ colorScheme: "light" })).newTab()
  await signIn(elsewhere, person)
  await elsewhere.goto(paths.profileSettings)
  await elsewhere.getByRole("heading", { name: there("settings.title") }).waitFor()
  expect(await elsewhere.getAttribute("html", "data-theme")).toBe("dark")
  expect(await elsewhere.getByLabel(there("forms.timeZone")).inputValue()).toBe("Asia/Taipei")
})

test("a choice stays while it is saved, though an answer from before it comes late", async () => {
  const page = await (await newDevice()).newTab()
  await signedIn(docket, page)
  const arrival = Promise.withResolvers<void>()
  // The token is renewed as the page opens; the answer, which tells the theme of before, is held back.
  await page.route("**/refresh", async (route) => {
    const answer = await route.fetch()
    await arrival.promise
    await route.fulfill({ response: answer })
  })
  await page.goto(paths.profileSettings)
  await page.evaluate(() => {
    const shown: unknown[] = []
    const { documentElement } = document
    Object.assign(globalThis, { shown })
    new MutationObserver(() => shown.push(documentElement.dataset.theme)).observe(documentElement, {
      attributeFilter: ["data-theme"],
    })
  })
  await page.getByText(w("profile.theme.dark")).click()
  const refreshed = page.waitForResponse("**/refresh")
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH")
  await Bun.sleep(300)
  arrival.resolve()
  await refreshed
  await saved
  expect(await page.getAttribute("html", "data-theme")).toBe("dark")
  const shown = await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
  // What was drawn before the choice may come first.
  expect(shown.slice(shown.indexOf("dark"))).not.toContain("system")
})

test("a choice stays, though changes that were read before it come after it", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await page.goto(paths.profileSettings)
  await page.getByText(w("profile.theme.dark")).waitFor()
  const elsewhere = await (await newDevice()).newTab()
  await signIn(elsewhere, person)
  await elsewhere.goto(paths.profileSettings)

  // What is pulled tells of the other device's choice, and is held back until a later one was made here.
  const read = Promise.withResolvers<void>()
  const arrival = Promise.withResolvers<void>()
  await page.route("**/api/sync", async (route) => {
    const answer = await route.fetch()
    if ((await answer.text()).includes('"theme":"light"')) read.resolve()
    await arrival.promise
    await route.fulfill({ response: answer })
  })
  await elsewhere.getByText(w("profile.theme.light")).click()
  await read.promise
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH")
  await page.getByText(w("profile.theme.dark")).click()
  await saved
  await page.evaluate(() => {
    const shown: unknown[] = []
    const { documentElement } = document
    Object.assign(globalThis, { shown })
    new MutationObserver(() => shown.push(documentElement.dataset.theme)).observe(documentElement, {
      attributeFilter: ["data-theme"],
    })
  })
  const come = page.waitForResponse("**/api/sync")
  arrival.resolve()
  await come
  await page.waitForTimeout(1_000)
  expect(await page.getAttribute("html", "data-theme")).toBe("dark")
  expect(await page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)).not.toContain(
    "light",
  )
})

test("a new name is shown wherever the person is named", async () => {
  const page = await (await newDevice()).newTab()
  await signedIn(docket, page)
  await page.goto(paths.profileSettings)
  await page.getByLabel(w("profile.nameLabel")).fill("Ann Other")
  await page.getByRole("button", { name: w("forms.save") }).click()
  await page.getByRole("button", { name: w("shell.account", { name: "Ann Other" }) }).waitFor()
})

test("a change of the password asks for the current one, and ends the other sessions", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  const elsewhere = await newDevice()
  const other = await elsewhere.newTab()
  await signIn(other, person)
  elsewhere.expectComplaint(/401/)
  device.expectComplaint(/403 .*password/)

  await page.goto(paths.securitySettings)
  const section = page.getByRole("region", { name: w("password.title") })
  const current = section.getByLabel(w("forms.currentPassword"))
  await current.fill("not my password")
  await section.getByLabel(w("forms.newPassword")).fill("another long password")
  await section.getByRole("button", { name: w("password.submit") }).click()
  await section.getByText(w("fault.wrong-password")).waitFor()
  expect(await section.getByLabel(w("forms.newPassword")).inputValue()).toBe("another long password")
  await current.fill(person.password)
  await section.getByRole("button", { name: w("password.submit") }).click()
  await page.getByText(w("password.changed")).waitFor()

  await other.goto(paths.securitySettings)
  await arrived(other, paths.signIn)
  person.password = "another long password"
  await fillSignIn(other, person)
  await arrived(other, paths.securitySettings)
})

test("a change of the address counts once its letter's link is followed", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  const address = `new-${person.email}`
  await page.goto(paths.securitySettings)
  const section = page.getByRole("region", { name: w("email.title") })
  await section.getByLabel(w("email.new")).fill(address)
  await section.getByLabel(w("forms.currentPassword")).fill(person.password)
  await section.getByRole("button", { name: w("email.submit") }).click()
  await section.getByText(w("email.pending", { email: address })).waitFor()
  await section.getByText(w("email.current", { email: person.email })).waitFor()

  await verify(docket, page, person, address)
  await page.goto(paths.securitySettings)
  await section.getByText(w("email.current", { email: address })).waitFor()
  await docket.smtp!.nextLetter(({ to }) => to.includes(person.email))
})

test("an account is deleted after a grace period, in which one may change one's mind", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await page.goto(paths.dataSettings)
  await page.getByRole("button", { name: w("data.deleteOpen") }).click()
  const dialog = page.getByRole("dialog", { name: w("data.deleteTitle") })
  await dialog.getByLabel(w("forms.currentPassword")).fill(person.password)
  await dialog.getByRole("button", { name: w("data.deleteSubmit") }).click()
  const keep = page.getByRole("button", { name: w("deletion.cancel") }).first()
  await keep.waitFor()
  await signOut(page, person)
  await signIn(page, person)
  await keep.click()
  await page.getByText(w("deletion.cancelled")).waitFor()
  const [account] = await docket.sql`select deletes_at as at from accounts where email = ${person.email}`
  expect(account!.at).toBeNull()
})

test("everything can be downloaded", async () => {
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await page.goto(paths.dataSettings)
  const download = page.waitForEvent("download")
  await page.getByRole("button", { name: w("data.exportSubmit") }).click()
  const file = await (await download).path()
  expect(await Bun.file(file).text()).toContain(person.email)
})
