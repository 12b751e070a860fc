import { expect, test } from "bun:test"
import { LANGUAGES, type Language } from "../src/i18n/languages.ts"
import { paths } from "../src/paths.ts"
import { arrived, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { fillSignIn, linkFor, newPerson, register, signedIn, signOut, verify } from "./person.ts"
import { words } from "./words.ts"

const docket = await startDocket()
const newDevice = await startBrowser(docket)

test.each(Object.keys(LANGUAGES) as Language[])(
  "someone who reads %s registers, forgets the password, and gets in again",
  async (language) => {
    const w = words(language)
    const page = await (await newDevice({ locale: language })).newTab()
    const person = newPerson(language)

    await page.goto(paths.welcome)
    await page.getByRole("link", { name: w("accounts.register") }).click()
    expect(await page.getAttribute("html", "lang")).toBe(language)
    await register(page, person)
    await page.getByText(w("letter.verify", { email: person.email })).waitFor()
    await verify(docket, page, person)
    await page.getByRole("link", { name: w("accounts.signIn") }).click()
    await arrived(page, paths.signIn)
    await fillSignIn(page, person)
    await arrived(page, paths.inbox)

    await page.getByRole("textbox", { name: w("todos.addPlaceholder") }).fill("café 早餐")
    await page.keyboard.press("Enter")
    await page.getByRole("checkbox", { name: w("todos.completeTitle", { title: "café 早餐" }) }).click()
    await page.getByRole("checkbox", { name: w("todos.reopenTitle", { title: "café 早餐" }) }).waitFor()
    await page.goto(paths.securitySettings)
    await page.getByText(w("email.current", { email: person.email })).waitFor()
    await signOut(page, person)

    await page.goto(paths.signIn)
    await page.getByRole("link", { name: w("signIn.forgot") }).click()
    await page.getByRole("heading", { name: w("forgot.title") }).waitFor()
    await page.getByLabel(w("forms.email")).fill(person.email)
    await page.getByRole("button", { name: w("forgot.submit") }).click()
    await page.getByText(w("letter.reset", { email: person.email })).waitFor()
    await page.goto(await linkFor(docket, person.email, paths.reset))
    person.password = "a new and longer password"
    await page.getByLabel(w("forms.newPassword")).fill(person.password)
    expect(new URL(page.url()).hash).toBe("")
    await page.getByRole("button", { name: w("reset.submit") }).click()
    await page.getByRole("heading", { name: w("reset.doneTitle") }).waitFor()
    await page.getByRole("link", { name: w("accounts.signIn") }).click()
    await arrived(page, paths.signIn)
    await fillSignIn(page, person)
    await arrived(page, paths.inbox)
  },
)

test("a link that is too old leads to a new letter, whose link works", async () => {
  const w = words()
  const device = await newDevice()
  const page = await device.newTab()
  const person = newPerson()
  await register(page, person)
  const link = await linkFor(docket, person.email, paths.verify)
  await docket.sql`update letter_tokens set expires_at = now() where email = ${person.email}`
  device.expectComplaint(/410 .*email-verifications/)
  await page.goto(link)
  await page.getByRole("button", { name: w("verify.submit") }).click()
  await page.getByRole("heading", { name: w("link.expiredTitle") }).waitFor()
  await page.getByLabel(w("forms.email")).fill(person.email)
  await page.getByRole("button", { name: w("forgot.submit") }).click()
  await page.getByText(w("letter.verify", { email: person.email })).waitFor()
  await verify(docket, page, person)
})

test("opening a link uses nothing: only the click does", async () => {
  const w = words()
  const page = await (await newDevice()).newTab()
  const person = newPerson()
  await register(page, person)
  const link = await linkFor(docket, person.email, paths.verify)
  await page.goto(link)
  await page.getByRole("button", { name: w("verify.submit") }).waitFor()
  expect(page.url()).toBe(`${docket.url}${paths.verify}`)
  const [account] =
    await docket.sql`select email_verified_at as at from accounts where email = ${person.email}`
  expect(account!.at).toBeNull()
})

test("a link without its token says so", async () => {
  const page = await (await newDevice()).newTab()
  for (const path of [paths.verify, paths.reset]) {
    await page.goto(path)
    await page.getByRole("heading", { name: words()("link.missingTitle") }).waitFor()
  }
})

test("who has not confirmed the address is offered the letter again at sign-in", async () => {
  const w = words()
  const device = await newDevice()
  const page = await device.newTab()
  const person = newPerson()
  await register(page, person)
  await linkFor(docket, person.email, paths.verify)
  device.expectComplaint(/403 .*sessions/)
  await page.goto(paths.signIn)
  await fillSignIn(page, person)
  await page.getByText(w("problem.email-not-verified")).waitFor()
  await page.getByRole("button", { name: w("signIn.resend") }).click()
  await page.getByText(w("letter.resent")).waitFor()
  await verify(docket, page, person)
})

test("faults stand beside their fields, the first has the focus, and nothing typed is lost", async () => {
  const w = words()
  const page = await (await newDevice()).newTab()
  await page.goto(paths.register)
  const email = page.getByLabel(w("forms.email"))
  const password = page.getByLabel(w("forms.password"), { exact: true })
  await email.fill("ann")
  await password.fill("short")
  await page.getByRole("button", { name: w("register.submit") }).click()

  const name = page.getByLabel(w("forms.name"))
  expect(await name.evaluate((element) => element === document.activeElement)).toBe(true)
  for (const [field, fault] of [
    [name, "fault.required"],
    [email, "fault.not-an-email"],
    [password, "fault.password-too-short"],
  ] as const) {
    expect(await field.getAttribute("aria-invalid")).toBe("true")
    const ids = (await field.getAttribute("aria-describedby"))!.split(" ")
    const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()))
    expect(texts.join(" ")).toContain(w(fault))
  }
  expect(await email.inputValue()).toBe("ann")
  expect(await password.inputValue()).toBe("short")
  await name.fill("Ann")
  expect(await name.getAttribute("aria-invalid")).toBeNull()
})

test("what the server finds wrong with a password stands beside it", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  device.expectComplaint(/400 .*accounts/)
  await register(page, { ...newPerson(), password: "password123" })
  await page.getByText(words()("fault.too-common")).waitFor()
})

test("a password can be shown, and is hidden again when it is sent", async () => {
  const w = words()
  const device = await newDevice()
  const page = await device.newTab()
  await page.goto(paths.signIn)
  const password = page.getByLabel(w("forms.password"), { exact: true })
  await password.fill("wrong but readable")
  await page.getByRole("button", { name: w("forms.showPassword") }).click()
  expect(await password.getAttribute("type")).toBe("text")
  device.expectComplaint(/401 .*sessions/)
  await page.getByLabel(w("forms.email")).fill("nobody@example.org")
  await page.getByRole("button", { name: w("signIn.submit"), exact: true }).click()
  await page.getByText(w("problem.wrong-credentials")).waitFor()
  expect(await password.getAttribute("type")).toBe("password")
  expect(await password.inputValue()).toBe("wrong but readable")
})

test("without a connection the form says so and keeps what was typed", async () => {
  const w = words()
  const device = await newDevice()
  const page = await device.newTab()
  await page.goto(paths.signIn)
  await page.getByLabel(w("forms.email")).fill("ann@example.org")
  await page.getByLabel(w("forms.password"), { exact: true }).fill("a long password")
  await device.setOffline(true)
  device.expectComplaint(/ERR_INTERNET_DISCONNECTED/)
  await page.getByRole("button", { name: w("signIn.submit"), exact: true }).click()
  await page.getByText(w("problem.unreachable")).waitFor()
  expect(await page.getByLabel(w("forms.email")).inputValue()).toBe("ann@example.org")
})

test("too many tries: the page says how long to wait", async () => {
  const w = words()
  const device = await newDevice()
  const page = await device.newTab()
  const person = newPerson()
  device.expectComplaint(/(401|429) .*sessions/)
  await page.goto(paths.signIn)
  await fillSignIn(page, person)
  await page.getByText(w("problem.wrong-credentials")).waitFor()
  const tooMany = page.getByText(/Too many tries\. You can go on in \d+ (second|minute|hour)/)
  for (let tries = 0; tries < 40 && !(await tooMany.isVisible()); tries++) {
    const answer = page.waitForResponse((response) => response.url().endsWith("/api/sessions"))
    await page.getByRole("button", { name: w("signIn.submit"), exact: true }).click()
    await answer
    await page.getByRole("alert").getByText(/./).first().waitFor()
  }
  await tooMany.waitFor()
})

test("the way to a page goes through sign-in and on to that page", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await signOut(page, person)
  await page.goto(paths.securitySettings)
  await arrived(page, paths.signIn)
  await fillSignIn(page, person)
  await arrived(page, paths.securitySettings)
  await signOut(page, person)
  await page.goto(`${paths.signIn}?next=//elsewhere.example/x`)
  await fillSignIn(page, person)
  await arrived(page, paths.inbox)
})

test("sign-in works with the keyboard alone", async () => {
  const w = words()
  const page = await (await newDevice()).newTab()
  const person = await signedIn(docket, page)
  await signOut(page, person)
  await page.goto(paths.signIn)
  await page.getByRole("heading", { name: w("signIn.title") }).waitFor()
  const tabTo = async (label: string) => {
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press("Tab")
      const focused = page.locator(":focus")
      if ((await focused.count()) && (await focused.evaluate((element) => labelOf(element))) === label) return
    }
    throw new Error(`Tab does not reach ${label}.`)
  }
  await page.evaluate(() => {
    Object.assign(globalThis, {
      labelOf: (element: HTMLInputElement) => element.labels?.[0]?.textContent ?? element.textContent,
    })
  })
  await tabTo(w("forms.email"))
  await page.keyboard.type(person.email)
  await tabTo(w("forms.password"))
  await page.keyboard.type(person.password)
  await page.keyboard.press("Enter")
  await arrived(page, paths.inbox)
})

/** Defined on the page by the test that uses it. */
declare const labelOf: (element: Element) => string
