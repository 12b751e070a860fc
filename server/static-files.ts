import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { Elysia } from "elysia"
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts"
import { Problem } from "./problems.ts"

type StaticFile = { path: string; type: string; etag: string; encodings: ReadonlySet<Encoding> }

const SUFFIXES: Record<Encoding, string> = { br: ".br", zstd: ".zst", gzip: ".gz" }
/** Names under this folder carry a hash of their content. */
const HASHED = "/assets/"
const INDEX = "/index.html"
/** Paths that are never the page's: a wrong one is an error, not a page. */
const NOT_THE_PAGE = /^\/(api|health|assets)(\/|$)/

/**
 * Serves the built page in `folder`: hashed assets for ever, everything else revalidated, in the smallest encoding
 * that the build stored and the client takes. A navigation to any other path gets the page, which routes it.
 */
export function staticFiles(folder: string) {
  const files = readFiles(folder)
  const answer = ({ request, path }: { request: Request; path: string }) => {
    const file = files.get(path)
    if (file) return respond(file, path, request)
    if (!NOT_THE_PAGE.test(path) && isNavigation(request)) {
      const index = files.get(INDEX)
      if (index) return respond(index, INDEX, request)
      throw new Problem(404, "route-not-found", "There is nothing here.", {
        detail: "The page has not been built: run `bun run build`.",
      })
    }
    throw new Problem(404, "route-not-found", "There is nothing here.")
  }
  return new Elysia({ name: "static-files" }).get("/*", answer, { detail: { hide: true } })
}

/** Everything that can be asked for, by path; only these are ever opened, so no path leads out of the folder. */
function readFiles(folder: string): Map<string, StaticFile> {
  const names = listFiles(folder)
  const files = new Map<string, StaticFile>()
  for (const name of names) {
    if (Object.values(SUFFIXES).some((suffix) => name.endsWith(suffix)) || name.startsWith("/.")) continue
    const path = join(folder, name)
    files.set(name, {
      path,
      type: Bun.file(path).type,
      etag: createHash("sha256").update(readFileSync(path)).digest("base64url").slice(0, 22),
      encodings: new Set(
        (Object.keys(SUFFIXES) as Encoding[]).filter((encoding) => names.has(name + SUFFIXES[encoding])),
      ),
    })
  }
  return files
}

function listFiles(folder: string): Set<string> {
  try {
    return new Set(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")}`),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set()
    throw error
  }
}

/** A person opening an address, as against a script, style or fetch asking for a file. */
function isNavigation(request: Request): boolean {
  const mode = request.headers.get("Sec-Fetch-Mode")
  if (mode !== null) return mode === "navigate"
  return request.headers.get("Accept")?.includes("text/html") ?? false
}

function respond(file: StaticFile, name: string, request: Request): Response {
  const encoding = acceptedEncoding(request.headers.get("Accept-Encoding"), file.encodings)
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ""}"`
  const headers: Record<string, string> = {
    ETag: etag,
    "Cache-Control": name.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache",
  }
  if (file.encodings.size > 0) headers.Vary = "Accept-Encoding"
  if (matches(request.headers.get("If-None-Match"), etag)) return new Response(null, { status: 304, headers })
  headers["Content-Type"] = file.type
  if (encoding) headers["Content-Encoding"] = encoding
  return new Response(Bun.file(encoding ? file.path + SUFFIXES[encoding] : file.path), { headers })
}

/** RFC 9110, section 13.1.2: a list of tags, compared weakly. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false
  return header === "*" || header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)
}
