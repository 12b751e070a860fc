import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium, type Page } from "playwright"
import { createServer } from "vite"
import { findChromium } from "../../ops/chromium.ts"
import { ROOT } from "../../server/testing/repository.ts"
import { paths } from "../src/paths.ts"
import { startBrowser } from "./browser.ts"
import { startDocket } from "./docket.ts"
import { eventually } from "./eventually.ts"
import { otherRelease } from "./other-release.ts"
import { signedIn } from "./person.ts"
import { addTodos, kept, onServer, shows, write } from "./todos.ts"
import { words } from "./words.ts"

const docket = await startDocket({ mail: false })
const newDevice = await startBrowser(docket)
const w = words()

/** Someone whose browser keeps the page. */
async function someone(...titles: string[]) {
  const device = await newDevice()
  const page = await device.newTab()
  const person = await signedIn(docket, page)
  await page.getByText(w("lists.emptyTitle")).waitFor()
  if (titles.length > 0) await addTodos(page, ...titles)
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated")
  return { device, page, person }
}

const release = (page: Page) => page.evaluate(() => document.documentElement.dataset.release ?? "built")
const buildsKept = (page: Page) => page.evaluate(async () => (await caches.keys()).length)
const asks = (page: Page) => page.getByText(w("sync.newVersion"))

/**
 * Waits until `done`, for which another worker has to take over. It does when the one before it is idle and ended;
 * Chromium ends none that a debugger is attached to, as Playwright is: here it is ended in Chromium's stead.
 */
async function takenOver(page: Page, done: () => Promise<boolean>) {
  const devtools = await page.context().newCDPSession(page)
  const status = new Map<string, string>()
  devtools.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
    for (const version of versions) status.set(version.versionId, version.status)
  })
  await devtools.send("ServiceWorker.enable")
  for (let tries = 0; tries < 30 && !(await done()); tries++) {
    await Bun.sleep(1000)
    const versions = [...status]
    const before = versions.find(([, state]) => state === "activated")
    const isReady = versions.some(([, state]) => state === "installed")
    if (before && isReady) await devtools.send("ServiceWorker.stopWorker", { versionId: before[0] })
  }
  await devtools.detach()
}

/** Waits for the question that a new version asks. */
async function asked(page: Page) {
  await takenOver(page, () => asks(page).isVisible())
  await asks(page).waitFor()
}

/** Follows the question that a new version asks. */
async function reload(page: Page) {
  await asked(page)
  await page
    .getByRole("status")
    .getByRole("button", { name: w("shell.reload") })
    .click()
  await asks(page).waitFor({ state: "detached" })
  await page.getByRole("heading", { level: 1 }).waitFor()
}

test("a device that knows the page asks with the document for what its first screen needs, in its language", async () => {
  const { page } = await someone()
  const prepared = (language: string) =>
    eventually(
      page,
      async (language) => {
        const document = await caches.match("/index.html?prepared")
        return (await document?.text())?.includes(`/assets/${language}-`)
      },
      language,
    )
  const asksFor = async () => {
    const html = await (await page.goto(paths.inbox))!.text()
    await page.getByRole("heading", { level: 1 }).waitFor()
    const links = html.matchAll(/<link rel="(\w+)" crossorigin href="\/assets\/([^"]+)-[\w-]{8}\.(\w+)">/g)
    return [...links].map(([, rel, name, kind]) => `${rel} ${name}.${kind}`).sort()
  }
  await prepared("en")
  expect(await asksFor()).toEqual([
    "modulepreload en.js",
    "modulepreload rolldown-runtime.js",
    "modulepreload signed-in.js",
    "stylesheet signed-in.css",
    "stylesheet start.css",
  ])
  await page.goto(paths.profileSettings)
  const saved = page.waitForResponse((response) => response.request().method() === "PATCH")
  await page.getByLabel(w("forms.language"), { exact: true }).selectOption("fr")
  await page.getByRole("heading", { name: words("fr")("settings.title") }).waitFor()
  await saved
  await page.reload()
  await prepared("fr")
  expect(await asksFor()).toContain("modulepreload fr.js")
  expect(await asksFor()).not.toContain("modulepreload en.js")
})

test("the page opens without a server and without a network, takes changes, and sends them later", async () => {
  const { device, page, person } = await someone("Sent")
  device.expectComplaint(/ERR_|Failed to fetch|50\d/)
  await docket.crash()
  await device.setOffline(true)
  await page.close()

  const offline = await device.newTab()
  await offline.goto(paths.inbox)
  await shows(offline, "Sent")
  await write(offline, "Written offline")
  await kept(offline, 1)
  await offline.goto(paths.today)
  await offline.getByRole("heading", { name: w("todos.today"), level: 1 }).waitFor()
  await offline.goto(paths.inbox)
  await shows(offline, "Written offline", "Sent")

  await docket.start()
  await device.setOffline(false)
  await onServer(docket, person, "Written offline", "Sent")
})

test("what is no file of the page goes to the server as if there were no worker", async () => {
  const { device, page } = await someone()
  device.expectComplaint(/404.*nothing/)
  const reached = await page.evaluate(async () => {
    const answers = ["/api/instance", "/health", "/api/nothing", "/assets/nothing.js", "/api/reference"].map(
      (path) => fetch(path).then(({ status }) => `${path} ${status}`),
    )
    return Promise.all(answers)
  })
  expect(reached).toEqual([
    "/api/instance 200",
    "/health 200",
    "/api/nothing 404",
    "/assets/nothing.js 404",
    "/api/reference 200",
  ])
  await page.goto("/api/reference")
  expect(await page.title()).toBe("Docket API")
  await page.goto("/health")
  expect(await page.textContent("body")).toContain('"status"')
})

test("a new version asks; the page before it finds its parts; what it had not sent goes with the new one", async () => {
  const { device, page, person } = await someone("Sent")
  device.expectComplaint(/ERR_|Failed to fetch|50\d/)
  const second = await device.newTab()
  await second.goto(paths.inbox)
  await shows(second, "Sent")
  await docket.crash()
  await write(page, "Written before")
  await kept(page, 1)
  await page.context().route("**/api/sync", (route) => route.abort())
  await docket.start(await otherRelease("B"))

  // The browser looks for a new version whenever the page is opened.
  await second.goto(paths.today)
  await asked(second)
  await asks(page).waitFor()
  expect(await release(page)).toBe("built")
  await page.getByRole("link", { name: w("todos.trash") }).click()
  await page.getByRole("heading", { name: w("todos.trash"), level: 1 }).waitFor()
  const part = await page.evaluate(
    () => performance.getEntriesByType("resource").find(({ name }) => /TrashPage.*js$/.test(name))!.name,
  )
  expect((await fetch(part)).status).toBe(404)
  expect(await buildsKept(page)).toBe(2)

  await page.getByRole("link", { name: w("lists.inbox") }).click()
  await reload(page)
  expect(await release(page)).toBe("B")
  await shows(page, "Written before", "Sent")
  await page.context().unroute("**/api/sync")
  await onServer(docket, person, "Written before", "Sent")

  // The build before stays while a page runs it, and goes with the last one.
  await page.waitForTimeout(2_000)
  expect(await buildsKept(page)).toBe(2)
  await reload(second)
  expect(await release(second)).toBe("B")
  for (let tries = 0; tries < 100 && (await buildsKept(page)) > 1; tries++) await Bun.sleep(100)
  expect(await buildsKept(page)).toBe(1)

  // The release is taken back.
  await docket.crash()
  await docket.start()
  await second.goto(paths.upcoming)
  await second.getByRole("heading", { name: w("todos.upcoming"), level: 1 }).waitFor()
  expect(await release(second)).toBe("B")
  await reload(second)
  expect(await release(second)).toBe("built")
  await write(page, "Written after")
  await onServer(docket, person, "Written after", "Written before", "Sent")
})

test("Chromium finds nothing that would keep the page from being installed", async () => {
  const { page } = await someone()
  const devtools = await page.context().newCDPSession(page)
  const { errors, url, data } = await devtools.send("Page.getAppManifest")
  expect(errors).toEqual([])
  expect(new URL(url).pathname).toBe("/manifest.webmanifest")
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors")
  // A context of the test's own counts as a private window.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([])

  const { icons } = JSON.parse(data!) as { icons: { src: string; sizes: string; type: string }[] }
  expect(icons.map(({ sizes }) => sizes)).toEqual(["any", "192x192", "512x512", "512x512"])
  for (const { src, sizes, type } of [...icons, APPLE_TOUCH_ICON]) {
    const answer = await fetch(docket.url + src)
    expect([src, answer.headers.get("Content-Type")]).toEqual([src, type])
    // Width and height stand at bytes 16 and 20 of a PNG (RFC 2083, 4.1.1).
    const bytes = new DataView(await answer.arrayBuffer())
    if (type === "image/png") expect(`${bytes.getUint32(16)}x${bytes.getUint32(20)}`).toBe(sizes)
  }
})

const APPLE_TOUCH_ICON = { src: "/icons/apple-touch-180.png", sizes: "180x180", type: "image/png" }

test("an offer to install is made in the settings, and taken up there", async () => {
  const { page } = await someone()
  await page.goto(paths.inbox)
  await page.getByRole("heading", { level: 1 }).waitFor()
  // Chromium makes it to people who have used a page for a while: here the browser's part is played.
  const kept = await page.evaluate(() => {
    const offer = new Event("beforeinstallprompt", { cancelable: true })
    Object.assign(offer, { prompt: () => Object.assign(globalThis, { prompted: true }) })
    return !dispatchEvent(offer)
  })
  expect(kept).toBe(true)
  await page.getByRole("link", { name: w("shell.settings") }).click()
  await page.getByRole("link", { name: w("settings.sync") }).click()
  await page.getByRole("button", { name: w("device.install") }).click()
  expect(await page.evaluate(() => "prompted" in globalThis)).toBe(true)
  await page.getByRole("button", { name: w("device.install") }).waitFor({ state: "detached" })
})

test("the settings say in words what waits, hold no token, and repair without losing it", async () => {
  const { device, page, person } = await someone("Bread", "Tea")
  device.expectComplaint(/ERR_|Failed to fetch/)
  await device.setOffline(true)
  await write(page, "Lemons")
  await page.getByRole("checkbox", { name: w("todos.completeTitle", { title: "Tea" }) }).click()
  await kept(page, 2)
  await page.goto(paths.syncSettings)
  await page.getByText(w("change.add", { title: "Lemons" })).waitFor()
  await page.getByText(w("change.complete", { title: "Tea" })).waitFor()
  await page.getByText(w("device.opensOffline")).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: w("device.saveFile") }).click(),
  ])
  const report = await Bun.file(await download.path()).text()
  const { queue, cursor, failures } = JSON.parse(report)
  expect(queue.filter(({ doneAt }: { doneAt?: number }) => !doneAt)).toHaveLength(2)
  expect(Object.keys(cursor)).toHaveLength(2)
  expect(failures[0].what).toContain("No answer")
  expect(report).not.toMatch(/eyJ|Bearer|token/i)
  expect(report).not.toContain(person.password)

  // Offline, what is held stays in sight until it can be had again.
  await page.getByRole("button", { name: w("device.repair") }).click()
  await page.getByRole("link", { name: w("lists.inbox") }).click()
  await shows(page, "Lemons", "Bread")
  const everything = page.waitForRequest((request) => /"cursor":\{\}/.test(request.postData() ?? ""))
  await device.setOffline(false)
  await everything
  await onServer(docket, person, "Lemons", "Tea", "Bread")
  await shows(page, "Lemons", "Bread")
})

test("a change that a newer version made before it was taken back is shown, kept, and not sent", async () => {
  const { page, person } = await someone("Bread")
  await page.evaluate(async () => {
    const name = (await indexedDB.databases()).find(({ name }) => name?.startsWith("docket-"))!.name!
    const op = { id: "newer", entity: "todo", key: "newer", fields: { title: "From the future" } }
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("outbox", "readwrite")
        transaction.objectStore("outbox").put({ op, version: 99, place: 1, madeAt: Date.now() }, op.id)
        transaction.oncomplete = () => {
          opening.result.close()
          resolve()
        }
      }
    })
  })
  await page.goto(paths.syncSettings)
  await page.getByText(w("refused.newer")).waitFor()
  await page.getByText("From the future").waitFor()
  expect(await page.getByRole("button", { name: w("forms.tryAgain") }).count()).toBe(0)
  await page.getByRole("link", { name: w("lists.inbox") }).click()
  await write(page, "After")
  await onServer(docket, person, "After", "Bread")
  await kept(page, 1)
})

test("where the browser stores nothing the page works, and says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "docket-blocked-"))
  mkdirSync(join(folder, "Default"))
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } }
  writeFileSync(join(folder, "Default/Preferences"), JSON.stringify(blocked))
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? (await findChromium()).path,
    args: ["--no-sandbox", "--disable-gpu"],
    baseURL: docket.url,
    locale: "en",
  })
  try {
    const page = await context.newPage()
    const person = await signedIn(docket, page)
    await addTodos(page, "Kept by the server")
    await onServer(docket, person, "Kept by the server")
    await page.getByRole("button", { name: w("sync.problem") }).click()
    await page.getByRole("dialog").getByText(w("sync.not-kept")).waitFor()
    await page.getByRole("button", { name: w("shell.close") }).click()
    await page.getByRole("link", { name: w("shell.settings") }).click()
    await page.getByRole("link", { name: w("settings.sync") }).click()
    await page.getByRole("heading", { name: w("device.storageTitle") }).waitFor()
    await page.getByText(w("sync.not-kept")).waitFor()
  } finally {
    await context.close()
    rmSync(folder, { recursive: true })
  }
})

test("a worker that a production build left goes as soon as `bun dev` is opened there", async () => {
  const { device, page } = await someone()
  device.expectComplaint(/./)
  await docket.crash()
  const vite = await createServer({
    configFile: join(ROOT, "client/vite.config.ts"),
    logLevel: "silent",
    server: { host: true, port: Number(new URL(docket.url).port), strictPort: true },
  })
  await vite.listen()
  try {
    await page.goto(paths.inbox)
    const script = page.locator("script[src^='/src/main.tsx']")
    await takenOver(page, async () => (await script.count()) > 0)
    await script.waitFor({ state: "attached" })
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
    expect(await buildsKept(page)).toBe(0)
  } finally {
    await vite.close()
  }
  await docket.start()
})
