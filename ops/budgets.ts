import { join } from "node:path"

const PAGE = join(import.meta.dir, "../dist/page")
/** Bytes after gzip of what the first view waits for (docs/architecture.md). */
const BUDGETS = { ".js": 45_000, ".css": 10_000 }

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; css?: string[] }
export type Manifest = Record<string, Chunk>

/** A sentence for each kind of file of the built page that weighs more than it may. */
export async function budgetFaults(): Promise<string[]> {
  const manifest: Manifest = await Bun.file(join(PAGE, ".vite/manifest.json")).json()
  const files = initialFiles(manifest)
  const sizes = await Promise.all(
    files.map(async (file) => ({
      file,
      bytes: Bun.gzipSync(await Bun.file(join(PAGE, file)).bytes(), { level: 9 }).length,
    })),
  )
  return Object.entries(BUDGETS).flatMap(([kind, budget]) => {
    const total = sizes.filter(({ file }) => file.endsWith(kind)).reduce((sum, { bytes }) => sum + bytes, 0)
    if (total === 0) return [`The built page has no initial ${kind}: the manifest is not what this reads.`]
    return total <= budget
      ? []
      : [`Initial ${kind} is ${total} bytes after gzip, ${total - budget} over its budget of ${budget}.`]
  })
}

/** What is loaded before the first view: each entry, what it imports without waiting, and their styles. */
export function initialFiles(manifest: Manifest): string[] {
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (key: string) => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const imported of chunk.imports ?? []) visit(imported)
  }
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry) visit(key)
  return [...files]
}
