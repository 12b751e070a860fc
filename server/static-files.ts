import { Elysia } from "elysia"
import { Problem } from "./problems.ts"
import type { RouteTable } from "./route-table.ts"
import { readStoredFiles, sendStoredFile } from "./stored-files.ts"

/** Names under this folder carry a hash of their content. */
const HASHED = "/assets/"
const INDEX = "/index.html"
const FOR_EVER = "public, max-age=31536000, immutable"
const REVALIDATED = "no-cache"
/** Paths that are never the page's: a wrong one is an error, not a page. */
const NOT_THE_PAGE = /^\/(api|health|metrics|assets)(\/|$)/

/**
 * Serves the built page in `folder`: hashed assets for ever, everything else revalidated, in the smallest encoding
 * that the build stored and the client takes. A navigation to any other path gets the page, which routes it.
 */
export function staticFiles(folder: string, routes: RouteTable) {
  const files = readStoredFiles(folder)
  const answer = ({ request, path }: { request: Request; path: string }) => {
    const file = files.get(path)
    if (file) return sendStoredFile(file, request, path.startsWith(HASHED) ? FOR_EVER : REVALIDATED)
    if (!NOT_THE_PAGE.test(path) && isNavigation(request)) {
      const index = files.get(INDEX)
      if (index) return sendStoredFile(index, request, REVALIDATED)
      throw new Problem(404, "route-not-found", "There is nothing here.", {
        detail: "The page has not been built: run `bun run build`.",
      })
    }
    throw routes.refusal(path)
  }
  return new Elysia({ name: "static-files" }).get("/*", answer, { detail: { hide: true } })
}

/** A person opening an address, as against a script, style or fetch asking for a file. */
function isNavigation(request: Request): boolean {
  const mode = request.headers.get("Sec-Fetch-Mode")
  if (mode !== null) return mode === "navigate"
  return request.headers.get("Accept")?.includes("text/html") ?? false
}
