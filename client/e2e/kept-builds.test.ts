import { expect, test } from "bun:test"
import { join } from "node:path"
import type { Page } from "playwright"
import { filesIn } from "../../ops/bundle-worker.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { eventually } from "./eventually.ts"
import { otherRelease } from "./other-release.ts"
import { signedIn } from "./person.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)

/** How a service worker stands. */
type Standing = { installing?: boolean; waiting?: boolean; state?: ServiceWorkerState }

/**
 * A page beside which the built service worker runs in a worker of the test's own: with the browser's own caches and
 * locks, but standing as the test says, since no browser can be made to leave a worker in those moments.
 */
async function workerStanding({ installing, waiting, state = "activated" }: Standing) {
  const device = await newDevice()
  device.expectComplaint(/favicon/)
  const page = await device.newTab()
  await page.context().route("**/standing.js", (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: `
        self.registration = ${JSON.stringify({ installing: installing ? {} : null, waiting: waiting ? {} : null })}
        self.serviceWorker = ${JSON.stringify({ state })}
        MessageEvent.prototype.waitUntil = (work) =>
          work.then(() => postMessage("done"), (error) => postMessage(String(error)))
        importScripts("/service-worker.js")`,
    }),
  )
  await page.goto("/icon.svg")
  await page.evaluate(async () => {
    for (const [build, script] of [
      ["docket-page-of-no-page", "/assets/one.js"],
      ["docket-page-of-a-page", "/assets/two.js"],
      ["something-else", "/assets/three.js"],
    ] as const) {
      const cache = await caches.open(build)
      await cache.put(script, new Response("1"))
    }
    // As an open page of that build does (device/worker.ts).
    void navigator.locks.request(
      "docket-page-/assets/two.js",
      { mode: "shared" },
      () => new Promise(() => {}),
    )
    Object.assign(globalThis, { worker: new Worker("/standing.js") })
  })
  return page
}

/** Tells the worker that a page was opened, upon which it removes builds; returns what it says once that is done. */
const tellOpened = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { worker } = globalThis as unknown as { worker: Worker }
        worker.onmessage = ({ data }) => resolve(data)
        worker.postMessage({ opened: "en" })
      }),
  )

const builds = (page: Page) => page.evaluate(async () => (await caches.keys()).sort())
const ALL = ["docket-page-of-a-page", "docket-page-of-no-page", "something-else"]

test("a worker removes the builds that no page runs, and nothing else", async () => {
  const page = await workerStanding({})
  expect(await tellOpened(page)).toBe("done")
  expect(await builds(page)).toEqual(["docket-page-of-a-page", "something-else"])
})

test.each([
  ["was replaced", { state: "redundant" }],
  ["sees another keep its build", { installing: true }],
  ["sees another wait to take over", { waiting: true }],
] satisfies [string, Standing][])("a worker that %s removes nothing", async (_, standing) => {
  const page = await workerStanding(standing)
  expect(await tellOpened(page)).toBe("done")
  expect(await builds(page)).toEqual(ALL)
})

test("a worker removes nothing for as long as another keeps its build", async () => {
  const page = await workerStanding({})
  // The other one's part is played by the page: it holds the lock, as `keepBuild` does, and fills a cache.
  await page.evaluate(async () => {
    const release = await new Promise<() => void>((held) => {
      void navigator.locks.request("docket-builds", () => new Promise<void>((done) => held(done)))
    })
    Object.assign(globalThis, { release })
  })
  const told = tellOpened(page)
  await eventually(page, async () =>
    (await navigator.locks.query()).pending?.some(({ name }) => name === "docket-builds"),
  )
  expect(await builds(page)).toEqual(ALL)
  await page.evaluate(() => (globalThis as unknown as { release: () => void }).release())
  expect(await told).toBe("done")
  expect(await builds(page)).toEqual(["docket-page-of-a-page", "something-else"])
})

test("a release that could not be kept whole is tried again after a minute, and not before", async () => {
  const device = await newDevice()
  device.expectComplaint(/ERR_|Failed to fetch|50\d|integrity|digest/)
  const page = await device.newTab()
  await page.clock.install()
  await signedIn(docket, page)
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated")

  const release = await otherRelease("B")
  const files = await filesIn(join(release, "dist/page"))
  const spoilt = files.find((path) => /AboutPage|About-.*\.js$/.test(path))!
  const whole = await Bun.file(spoilt).text()
  await Bun.write(spoilt, `${whole}\n// of another release`)
  await docket.crash()
  await docket.start(release)

  const failed = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        navigator.serviceWorker.ready.then((registration) => {
          registration.addEventListener("updatefound", () => {
            const coming = registration.installing!
            coming.addEventListener("statechange", () => resolve(coming.state))
          })
          registration.update().catch(() => {})
        })
      }),
  )
  expect(await failed).toBe("redundant")
  await Bun.write(spoilt, whole)

  const found = page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        navigator.serviceWorker.ready.then((registration) =>
          registration.addEventListener("updatefound", () => resolve(true)),
        )
      }),
  )
  await page.clock.fastForward(50_000)
  expect(await Promise.race([found, page.waitForTimeout(1_500).then(() => false)])).toBe(false)
  await page.clock.fastForward(15_000)
  expect(await found).toBe(true)
  await eventually(page, async () => (await caches.keys()).length === 2)
})
