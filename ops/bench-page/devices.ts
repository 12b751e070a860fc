import type { Browser, Page } from "playwright"
import type { Docket } from "./docket.ts"

let devices = 0

/** An empty device of someone who is signed in: storage, cache and network address of its own. Nothing is open on it yet. */
export async function newDevice(browser: Browser, { origin, credentials }: Docket) {
  devices += 1
  const context = await browser.newContext({
    baseURL: origin,
    locale: "en",
    viewport: { width: 1280, height: 800 },
    // Limits count by network.
    extraHTTPHeaders: { "X-Forwarded-For": `198.18.${devices}.1` },
  })
  const answer = await context.request.post("/api/sessions/", { data: credentials })
  if (answer.status() !== 201) throw new Error(`Signing in was answered with ${answer.status()}.`)
  const { me } = await answer.json()
  // What the page remembers of a session; the cookie is there already.
  await context.addInitScript((me) => localStorage.setItem("docket.signed-in", me), JSON.stringify(me))
  return context
}

/** Chromium lets the page's main thread run for a `1 / factor` of the time. */
export async function slowDown(page: Page, factor: number) {
  const protocol = await page.context().newCDPSession(page)
  await protocol.send("Emulation.setCPUThrottlingRate", { rate: factor })
}
