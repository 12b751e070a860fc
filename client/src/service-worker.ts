/**
 * Keeps the build that it came with, so that the page opens without a network and a page of any version finds its parts
 * for as long as it is open (docs/decisions/0016-service-worker.md). What is not a file of the page is none of its
 * business: the API passes as if there were no worker.
 */

/** Every file of the page, with its hash (Subresource Integrity). Put in by ops/build.ts. */
declare const FILES: Readonly<Record<string, string>>
/** Another one for each build. */
declare const VERSION: string

type Lasting = Event & { waitUntil: (work: Promise<unknown>) => void }
type Installing = Lasting & { addRoutes?: (routes: unknown[]) => Promise<void> }
type Fetching = Event & { request: Request; respondWith: (response: Promise<Response>) => void }

/** Of each language, what the first screen of a signed-in person loads and the document does not name. Put in likewise. */
declare const AHEAD: Readonly<Record<string, string[]>>

/** What a page says: that it was opened in a language and works, or that this worker has waited long enough for the one before it. */
export type Message = { opened: string } | "take over"

/** What TypeScript's DOM library leaves out: it describes pages. */
type Scope = {
  addEventListener: {
    (event: "install", hear: (event: Installing) => void): void
    (event: "activate", hear: (event: Lasting) => void): void
    (event: "message", hear: (event: Lasting & { data: Message }) => void): void
    (event: "fetch", hear: (event: Fetching) => void): void
  }
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  registration: ServiceWorkerRegistration
  /** This worker; not told by every browser. */
  serviceWorker?: ServiceWorker
}

const worker = globalThis as unknown as Scope
/** The build would write them out wherever they are named. */
const files = FILES
const ahead = AHEAD
const PREFIX = "docket-page-"
const CACHE = PREFIX + VERSION
const DOCUMENT = "/index.html"
/** The document as it was last prepared for this device. */
const PREPARED = `${DOCUMENT}?prepared`
/** The lock under which builds are kept, prepared and removed. */
const BUILDS = "docket-builds"
/** Paths whose answers are the server's, or of one build alone: the page is not opened there. */
const NOT_THE_PAGE = /^\/(api|health|metrics|status|assets)(\/|$)/

worker.addEventListener("install", (event) => {
  // Where the browser knows how, requests to the API do not even wait for this to be started.
  const routed = event.addRoutes?.([{ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" }])
  event.waitUntil(Promise.all([navigator.locks.request(BUILDS, keepBuild), routed]))
})
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()))
worker.addEventListener("fetch", (event) => {
  const path = keptPath(event.request)
  if (path) event.respondWith(kept(path, event.request))
})
worker.addEventListener("message", (event) => {
  if (event.data === "take over") return event.waitUntil(worker.skipWaiting())
  // A page was opened, and says that it works; one of an earlier version does not say in which language.
  const { opened } = event.data
  event.waitUntil(navigator.locks.request(BUILDS, () => Promise.all([prepare(opened), dropUnused()])))
})

/**
 * All of the build or nothing. The hashes see to it that no file is of another build, as while replicas are replaced one
 * by one, nor from a proxy that answers for the server. Pages that are open lose nothing by this taking over at once.
 */
async function keepBuild() {
  const cache = await caches.open(CACHE)
  await cache.addAll(
    Object.entries(files).map(
      ([path, integrity]) =>
        new Request(path, { integrity, cache: path.startsWith("/assets/") ? "default" : "no-cache" }),
    ),
  )
  await worker.skipWaiting()
}

/** Under which path the answer to a request is kept, if it is. */
function keptPath({ method, mode, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url)
  if (method !== "GET" || origin !== location.origin) return
  if (files[pathname] || (mode !== "navigate" && pathname.startsWith("/assets/"))) return pathname
  if (mode === "navigate" && !NOT_THE_PAGE.test(pathname)) return DOCUMENT
}

/** From this build, else from one that a page may still run, else from the server. */
async function kept(path: string, request: Request): Promise<Response> {
  const found = await keptBefore(path, request.mode).catch(() => undefined)
  return found ?? fetch(request)
}

async function keptBefore(path: string, mode: RequestMode): Promise<Response | undefined> {
  const prepared = path === DOCUMENT && mode === "navigate" ? await own(PREPARED) : undefined
  return prepared ?? (await own(path)) ?? caches.match(path, { ignoreVary: true })
}

const own = (path: string) => caches.match(path, { ignoreVary: true, cacheName: CACHE })

/**
 * Has the next document ask for what its first screen needs together with its first script: that would ask for it only
 * when it runs. Whether someone will be signed in then, only the page knows; who is not has a few files read in vain.
 */
async function prepare(language: string) {
  const document = await own(DOCUMENT)
  if (!document || !ahead[language]) return
  const links = ahead[language].map((path) => {
    const rel = path.endsWith(".css") ? "stylesheet" : "modulepreload"
    return `<link rel="${rel}" crossorigin href="${path}">`
  })
  const text = (await document.text()).replace("</head>", () => `${links.join("")}</head>`)
  if (text === (await (await own(PREPARED))?.text())) return
  const headers = new Headers(document.headers)
  // It is as long as it is, and compressed no more.
  for (const name of ["Content-Length", "Content-Encoding"]) headers.delete(name)
  const cache = await caches.open(CACHE)
  await cache.put(PREPARED, new Response(text, { headers }))
}

/**
 * Removes builds that no page runs: each page holds a lock named after its first script (device/worker.ts). Not while
 * another worker keeps its own, nor after another has taken over, since that one's has no page yet.
 */
async function dropUnused() {
  if (worker.registration.installing || worker.registration.waiting) return
  if (worker.serviceWorker?.state === "redundant") return
  const { held = [] } = await navigator.locks.query()
  const scripts = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  for (const cacheName of others) {
    const running = await Promise.all(scripts.map((script) => caches.match(script, { cacheName })))
    if (!running.some(Boolean)) await caches.delete(cacheName)
  }
}
