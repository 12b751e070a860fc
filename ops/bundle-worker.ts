import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import { COMMON_HEADERS, PAGE_POLICY } from "../server/security-headers.ts"
import { firstScreenFiles, languagesOf, type Manifest } from "./first-screens.ts"

const SCRIPT = "/service-worker.js"

/**
 * Writes `service-worker.js` into `folder`, where the built page is. It knows every file of the build by its hash, so one
 * change, be it of a header that is kept with the files, makes another version.
 */
export async function bundleServiceWorker(folder: string) {
  const files: Record<string, string> = {}
  for (const path of (await filesIn(folder)).sort()) {
    const name = `/${relative(folder, path).split(sep).join("/")}`
    if (!name.startsWith("/.") && name !== SCRIPT)
      files[name] = `sha256-${digest("base64", await Bun.file(path).bytes())}`
  }
  const version = digest("hex", JSON.stringify([files, COMMON_HEADERS, PAGE_POLICY])).slice(0, 16)
  await Bun.build({
    entrypoints: [join(import.meta.dir, "../client/src/service-worker.ts")],
    outdir: folder,
    minify: true,
    define: {
      FILES: JSON.stringify(files),
      VERSION: JSON.stringify(version),
      AHEAD: JSON.stringify(await filesAhead(folder)),
    },
  })
}

/** Of each language, what a signed-in person's first screen loads and the document does not name. */
async function filesAhead(folder: string): Promise<Record<string, string[]>> {
  const manifest: Manifest = await Bun.file(join(folder, ".vite/manifest.json")).json()
  const html = await Bun.file(join(folder, "index.html")).text()
  return Object.fromEntries(
    languagesOf(manifest).map((language) => [
      language,
      firstScreenFiles(manifest, html, "inbox", language)
        .map((file) => `/${file}`)
        .filter((path) => !html.includes(`"${path}"`)),
    ]),
  )
}

/** Everything below `folder`, by its whole path. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function digest(encoding: "base64" | "hex", content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest(encoding)
}
