/** What the page does about its service worker (../service-worker.ts; docs/decisions/0016-service-worker.md). */

import type { Language } from "../i18n/languages.ts"
import type { Message } from "../service-worker.ts"

const SCRIPT = "/service-worker.js"
/** Milliseconds between looks for a newer version while the page stays open. */
const LOOK_EVERY = 60 * 60_000
/** Milliseconds after which one that could not be kept whole is tried again: releases are replaced replica by replica. */
const TRY_AGAIN_AFTER = 60_000
/** Milliseconds between nudges of a worker that is ready and waits. */
const NUDGE_EVERY = 1_000
/** Milliseconds that a newer version may take to arrive before the page is loaded anew without it. */
const PATIENCE = 10_000

/** The page's first script. Its name tells the version, by the hash of all that it may load. */
const firstScript = () =>
  new URL(document.querySelector<HTMLScriptElement>("script[type=module]")!.src).pathname

/**
 * Has this browser keep the page, to be opened in `language` the next time, and calls `onNewer` whenever loading it anew would bring another version. Rejects where
 * the browser keeps nothing. Without service workers (plain HTTP, some private windows) nothing happens.
 */
export async function keepPage({ language, onNewer }: { language: Language; onNewer: () => void }) {
  // `bun dev` has none: what it serves changes while it is looked at.
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return
  // For as long as the page is open, its version is kept. Where locks are denied, a worker is too.
  const untilClosed = () => new Promise(() => {})
  navigator.locks.request(`docket-page-${firstScript()}`, { mode: "shared" }, untilClosed).catch(() => {})
  navigator.serviceWorker.addEventListener("controllerchange", () => void tellIfNewer(onNewer))
  const registration = await navigator.serviceWorker.register(SCRIPT)
  // Without a network there is nothing newer to be had.
  const look = () => void registration.update().catch(() => {})
  const follow = async () => {
    if (!(await takenOver(registration))) setTimeout(look, TRY_AGAIN_AFTER)
  }
  registration.addEventListener("updatefound", follow)
  void follow()
  look()
  setInterval(look, LOOK_EVERY)
  await tellIfNewer(onNewer)
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage({ opened: language } satisfies Message)
}

/**
 * Waits until a newer worker that is on its way has taken over; false if its files could not be kept. Chromium lets it
 * wait while the one before it is busy, and now and then for minutes after that: asked again it looks again.
 */
async function takenOver(registration: ServiceWorkerRegistration): Promise<boolean> {
  const coming = registration.installing ?? registration.waiting
  if (!coming) return true
  while (coming.state === "installing" || coming.state === "installed") {
    if (coming.state === "installed") coming.postMessage("take over" satisfies Message)
    const changed = new Promise((done) => coming.addEventListener("statechange", done, { once: true }))
    await Promise.race([changed, new Promise((done) => setTimeout(done, NUDGE_EVERY))])
  }
  return coming.state !== "redundant"
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
    if (registration) await takenOver(registration)
  })
  await Promise.race([update?.catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE))])
  location.reload()
}
