import { expect, test } from "bun:test"
import { paths } from "../src/paths.ts"
import { arrived, startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { signedIn, signIn, signOut } from "./person.ts"
import { words } from "./words.ts"

const docket = await startDocket()
const newDevice = await startBrowser(docket)
const w = words()

/** Minutes and seconds after which an access token is surely over. */
const TOKEN_IS_OVER = "16:00"

test("two tabs share one refresh", async () => {
  const device = await newDevice()
  const first = await device.newTab()
  await first.clock.install()
  await signedIn(docket, first)
  const second = await device.newTab()
  await second.clock.install()
  await second.goto(paths.securitySettings)
  await second.getByRole("heading", { name: w("sessions.title") }).waitFor()

  const refreshes: string[] = []
  for (const tab of [first, second]) {
    await tab.goto(paths.securitySettings)
    await tab.getByText(`${w("sessions.current")} · `).waitFor()
  }
  for (const tab of [first, second]) {
    // A slow network, so that both need a token before either has one.
    await tab.route("**/refresh", async (route) => {
      refreshes.push(route.request().url())
      await Bun.sleep(2_000)
      await route.continue()
    })
  }
  await Promise.all([first, second].map((tab) => tab.clock.fastForward(TOKEN_IS_OVER)))
  const answers = [first, second].map((tab) => tab.waitForResponse(`${docket.url}/api/sessions`))
  await Promise.all([first, second].map((tab) => openAgain(tab)))
  for (const answer of await Promise.all(answers)) expect(answer.status()).toBe(200)
  expect(refreshes).toHaveLength(1)
})

/** Goes to another page of the settings and back, which asks for the sessions anew. */
async function openAgain(tab: import("playwright").Page) {
  await tab.getByRole("link", { name: w("settings.about"), exact: true }).click()
  // Before it is there, going back would leave the page as it is.
  await tab.getByText(w("about.text")).waitFor()
  await tab.getByRole("link", { name: w("settings.security"), exact: true }).click()
}

test("a session lives through a reload", async () => {
  const page = await (await newDevice()).newTab()
  await signedIn(docket, page)
  await page.reload()
  await arrived(page, paths.inbox)
  expect(await page.evaluate(() => Object.values(localStorage).join().includes("eyJ"))).toBe(false)
})

test("a refresh whose answer breaks off, as when a page is left meanwhile, ends no session", async () => {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  const broken = page.waitForResponse("**/refresh")
  await page.route("**/refresh", (route) =>
    route.fulfill({ status: 200, contentType: "application/json", body: '{"accessToken":"ey' }),
  )
  await page.reload()
  await (await broken).finished()
  await page.unroute("**/refresh")
  await page.reload()
  await page.getByRole("button", { name: w("shell.account", { name: person.name }) }).waitFor()
  await arrived(page, paths.inbox)
})

test("signing out in one tab signs the other out", async () => {
  const device = await newDevice()
  const first = await device.newTab()
  const person = await signedIn(docket, first)
  const second = await device.newTab()
  await second.goto(paths.inbox)
  await second.getByRole("button", { name: w("shell.account", { name: person.name }) }).waitFor()
  // The other tab may be asking for changes at that moment, or for a token.
  device.expectComplaint(/401.*api\/(sync|sessions\/current\/refresh)/)
  await signOut(first, person)
  await arrived(second, paths.signIn)
})

test("a session that is ended elsewhere sends its device to sign in", async () => {
  const here = await newDevice()
  const there = await newDevice()
  const page = await here.newTab()
  const other = await there.newTab()
  const person = await signedIn(docket, page)
  await signIn(other, person)
  await other.goto(paths.profileSettings)
  there.expectComplaint(/401/)

  await page.goto(paths.securitySettings)
  const rows = page.getByRole("listitem").filter({ hasText: "Chrome" })
  await rows.nth(1).waitFor()
  await page.getByRole("button", { name: w("sessions.endNamed", { device: "Chrome on Linux" }) }).click()
  await page.getByText(w("sessions.ended")).waitFor()
  await rows.nth(1).waitFor({ state: "detached" })

  // Its stream ends with the session, within seconds.
  await arrived(other, paths.signIn)
  await other.getByText(w("signIn.ended")).waitFor()
})
