import { readFileSync } from "node:fs"
import { join } from "node:path"
import { defineConfig, type Plugin, type Rolldown } from "vite"
import solid from "vite-plugin-solid"

/** Where the development server passes `/api` on to; `ops/dev.ts` sets it to the API's port. */
const apiPort = process.env.API_PORT ?? "8000"

const source = (path: string) => join(import.meta.dirname, "src", path)
const START = [source("main.tsx")]
const GUESTS = ["Welcome", "Register", "VerifyEmail", "SignIn", "ForgotPassword", "ResetPassword"].map(
  (page) => source(`accounts/${page}.tsx`),
)
const SIGNED_IN = [source("shell/Shell.tsx"), source("lists/InboxPage.tsx")]
const SETTLED = [
  "sync/background.ts",
  "sync/network.ts",
  "shell/keep-on-device.ts",
  "shell/SyncMark.tsx",
].map(source)

export default defineConfig({
  root: import.meta.dirname,
  define: { "import.meta.env.RELEASE": JSON.stringify(release()) },
  plugins: [solid(), withoutServiceWorker()],
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: ["chrome123", "firefox125", "safari17.5"],
    // The page's Content-Security-Policy allows neither data: URLs in styles nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: firstScreens }] } },
    },
  },
  server: {
    proxy: { "/api": { target: `http://127.0.0.1:${apiPort}`, xfwd: true } },
  },
})

/** Told with errors of the page: it may be older than the server that it tells. */
function release(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"))
  return version
}

/**
 * A production build that was once served on this port left its service worker, which would go on showing that build. The
 * browser asks for the worker again whenever the page is opened, and gets one that takes itself away.
 */
function withoutServiceWorker(): Plugin {
  const script = `addEventListener("install", () => skipWaiting())
addEventListener("activate", (event) => event.waitUntil(leave()))
async function leave() {
  for (const name of await caches.keys()) await caches.delete(name)
  await registration.unregister()
  for (const client of await clients.matchAll({ type: "window" })) client.navigate(client.url)
}`
  return {
    name: "without-service-worker",
    apply: "serve",
    configureServer({ middlewares }) {
      middlewares.use("/service-worker.js", (_request, response) => {
        response
          .setHeader("Content-Type", "text/javascript")
          .setHeader("Cache-Control", "no-store")
          .end(script)
      })
    },
  }
}

/**
 * What the page starts with is one chunk, what is more for the first screen of a signed-in person another, and what is
 * loaded soon after, always, a third: dozens of small ones, as each page's own share would make, are larger together and ask for as many requests.
 */
function firstScreens(id: string, context: Rolldown.ChunkingContext) {
  // The router's index names these too, but no first screen uses them.
  if (/solid-js\/store|\/createAsync\./.test(id)) return null
  const signedIn = reached(SIGNED_IN, id)
  if (reached(START, id) || (signedIn && reached(GUESTS, id))) return "start"
  if (signedIn) return "signed-in"
  // Guests load the API's client too.
  return reached(SETTLED, id) && !id.startsWith(source("api/")) ? "settled" : null

  /** Whether `module` is one of `roots` or imported, without waiting, by what is. */
  function reached(roots: string[], module: string, seen = new Set<string>()): boolean {
    if (roots.includes(module)) return true
    if (seen.has(module)) return false
    seen.add(module)
    return (
      context.getModuleInfo(module)?.importers.some((importer) => reached(roots, importer, seen)) ?? false
    )
  }
}
