/** What the page does about its service worker (../service-worker.ts; docs/decisions/0016-service-worker.md). */

const SCRIPT = "/service-worker.js"
/** Milliseconds between looks for a newer version while the page stays open. */
const LOOK_EVERY = 60 * 60_000
/** Milliseconds that a newer version may take to arrive before the page is loaded anew without it. */
const PATIENCE = 10_000

/** The page's first script. Its name tells the version, by the hash of all that it may load. */
const firstScript = () =>
  new URL(document.querySelector<HTMLScriptElement>("script[type=module]")!.src).pathname

/**
 * Has this browser keep the page, and calls `onNewer` whenever loading it anew would bring another version. Rejects where
 * the browser keeps nothing. Without service workers (plain HTTP, some private windows) nothing happens.
 */
export async function keepPage(onNewer: () => void) {
  // `bun dev` has none: what it serves changes while it is looked at.
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return
  // For as long as the page is open, its version is kept. Where locks are denied, a worker is too.
  const untilClosed = () => new Promise(() => {})
  navigator.locks.request(`docket-page-${firstScript()}`, { mode: "shared" }, untilClosed).catch(() => {})
  navigator.serviceWorker.addEventListener("controllerchange", () => void tellIfNewer(onNewer))
  const registration = await navigator.serviceWorker.register(SCRIPT)
  // Without a network there is nothing newer to be had.
  const look = () => void registration.update().catch(() => {})
  look()
  setInterval(look, LOOK_EVERY)
  await tellIfNewer(onNewer)
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage("opened")
}

/** The document comes from where the page would: from the worker, if there is one. */
async function tellIfNewer(onNewer: () => void) {
  const response = await fetch("/index.html").catch(() => null)
  if (response?.ok && !(await response.text()).includes(firstScript())) onNewer()
}

/** Loads the page anew, with the version that the server has now: what is kept here may be the one before. */
export async function reloadNewest() {
  const update = navigator.serviceWorker?.getRegistration().then(async (registration) => {
    await registration?.update()
    const coming = registration?.installing
    if (coming) await new Promise((done) => coming.addEventListener("statechange", done))
    if (coming?.state === "installed")
      await new Promise((done) => coming.addEventListener("statechange", done))
  })
  await Promise.race([update?.catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE))])
  location.reload()
}
