import { afterAll, afterEach, expect, setDefaultTimeout } from "bun:test"
import type { BrowserContextOptions, Page } from "playwright"
import { startChromium } from "../../ops/chromium.ts"
import type { Docket } from "./docket.ts"

/** Makes a device: storage and a network address of its own, closed after the test. */
export type NewDevice = (options?: BrowserContextOptions) => Promise<Device>

export type Device = {
  /** A new tab, on which nothing is open yet. */
  newTab: () => Promise<Page>
  /** Cuts the network off, and connects it again. */
  setOffline: (offline: boolean) => Promise<void>
  /** The browser will complain of this in this test: a refused request is an error to its console. */
  expectComplaint: (text: RegExp) => void
}

/**
 * The browser of a test file, whose devices are at `docket`. A test fails if a page complained: of a fault, of
 * what its Content-Security-Policy refused, of a request that failed. `CHROMIUM` names another browser.
 */
export async function startBrowser(docket: Pick<Docket, "url">): Promise<NewDevice> {
  const browser = await startChromium()
  const open: { close: () => Promise<void>; complaints: string[]; expected: RegExp[] }[] = []
  let devices = 0

  // A journey is many steps; each waits 10 s at most.
  setDefaultTimeout(90_000)
  afterAll(() => browser.close())
  afterEach(async () => {
    const done = open.splice(0)
    await Promise.all(done.map(({ close }) => close()))
    const unexpected = done.flatMap(({ complaints, expected }) =>
      complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
    )
    expect(unexpected).toEqual([])
  })

  return async (options = {}) => {
    devices += 1
    const context = await browser.newContext({
      baseURL: docket.url,
      locale: "en",
      timezoneId: "Europe/Paris",
      reducedMotion: "reduce",
      // Limits count by network: each device is in one of its own.
      extraHTTPHeaders: { "X-Forwarded-For": `198.18.${devices}.1` },
      ...options,
    })
    context.setDefaultTimeout(10_000)
    const complaints: string[] = []
    const expected: RegExp[] = []
    open.push({ close: () => context.close(), complaints, expected })
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return
      complaints.push(`${message.text()} (${message.location().url})`)
    })
    context.on("weberror", (error) => complaints.push(String(error.error())))
    return {
      newTab: () => context.newPage(),
      setOffline: (offline) => context.setOffline(offline),
      expectComplaint: (text) => expected.push(text),
    }
  }
}

/** Waits until the page is at `path`. */
export const arrived = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path)
