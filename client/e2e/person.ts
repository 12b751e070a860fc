import type { Page } from "playwright"
import type { Language } from "../src/i18n/languages.ts"
import { paths } from "../src/paths.ts"
import { arrived } from "./browser.ts"
import type { Docket } from "./docket.ts"
import { words } from "./words.ts"

export type Person = { name: string; email: string; password: string; language: Language }

let people = 0

/** Someone who has no account yet. */
export function newPerson(language: Language = "en"): Person {
  people += 1
  return {
    name: `Person ${people}`,
    email: `person${people}@example.org`,
    password: `correct horse ${people} battery`,
    language,
  }
}

/** Fills in the form of the registration page and sends it. */
export async function register(page: Page, { name, email, password, language }: Person) {
  const w = words(language)
  await page.goto(paths.register)
  await page.getByLabel(w("forms.name")).fill(name)
  await page.getByLabel(w("forms.email")).fill(email)
  await page.getByLabel(w("forms.password"), { exact: true }).fill(password)
  await page.getByRole("button", { name: w("register.submit") }).click()
}

/** The link in the next letter that came for `email`, of those that lead to `path`. */
export async function linkFor(docket: Docket, email: string, path: string): Promise<string> {
  const link = new RegExp(`${docket.url}${path}#token=[\\w-]+`)
  const letter = await docket.smtp!.nextLetter(
    ({ to, message }) => to.includes(email) && link.test(message.text ?? ""),
  )
  return link.exec(letter.message.text ?? "")![0]
}

/** Follows the link that confirms an address, as far as the page that says it is done. */
export async function verify(docket: Docket, page: Page, person: Person, email = person.email) {
  const w = words(person.language)
  await page.goto(await linkFor(docket, email, paths.verify))
  await page.getByRole("button", { name: w("verify.submit") }).click()
  await page.getByRole("heading", { name: w("verify.doneTitle") }).waitFor()
}

/** Fills in the form of the sign-in page, which is open, and sends it. */
export async function fillSignIn(page: Page, { email, password, language }: Person) {
  const w = words(language)
  await page.getByLabel(w("forms.email")).fill(email)
  await page.getByLabel(w("forms.password"), { exact: true }).fill(password)
  await page.getByRole("button", { name: w("signIn.submit"), exact: true }).click()
}

export async function signIn(page: Page, person: Person) {
  await page.goto(paths.signIn)
  await fillSignIn(page, person)
  await arrived(page, paths.inbox)
}

/** Signs out by the menu of the account. */
export async function signOut(page: Page, { name, language }: Person) {
  const w = words(language)
  await page.getByRole("button", { name: w("shell.account", { name }) }).click()
  await page.getByRole("menuitem", { name: w("accounts.signOut") }).click()
  await arrived(page, paths.welcome)
}

/** Someone with a confirmed account, signed in on `page`. */
export async function signedIn(docket: Docket, page: Page, language: Language = "en"): Promise<Person> {
  const person = newPerson(language)
  await register(page, person)
  if (docket.smtp) {
    await verify(docket, page, person)
    await signIn(page, person)
  } else await arrived(page, paths.inbox)
  return person
}
