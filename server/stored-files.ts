import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts"

export type StoredFile = { path: string; type: string; etag: string; encodings: ReadonlySet<Encoding> }

const SUFFIXES: Record<Encoding, string> = { br: ".br", zstd: ".zst", gzip: ".gz" }

/** Everything in `folder` that can be asked for, by path; only these are ever opened, so no path leads out of it. */
export function readStoredFiles(folder: string): Map<string, StoredFile> {
  const names = [...listFiles(folder)].filter((name) => !isVariant(name) && !name.startsWith("/."))
  return new Map(names.map((name) => [name, readStoredFile(join(folder, name))]))
}

/** One file and the encodings that lie beside it. Throws if it is not there. */
export function readStoredFile(path: string): StoredFile {
  return {
    path,
    type: Bun.file(path).type,
    etag: createHash("sha256").update(readFileSync(path)).digest("base64url").slice(0, 22),
    encodings: new Set(
      (Object.keys(SUFFIXES) as Encoding[]).filter((encoding) => existsSync(path + SUFFIXES[encoding])),
    ),
  }
}

const isVariant = (name: string) => Object.values(SUFFIXES).some((suffix) => name.endsWith(suffix))

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

/** Answers with `file` in the smallest encoding that the build stored and the client takes, or with 304. */
export function sendStoredFile(file: StoredFile, request: Request, caching: string): Response {
  const encoding = acceptedEncoding(request.headers.get("Accept-Encoding"), file.encodings)
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ""}"`
  const headers: Record<string, string> = {
    ETag: etag,
    "Cache-Control": caching,
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
