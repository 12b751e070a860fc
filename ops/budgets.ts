import { join } from "node:path"

const PAGE = join(import.meta.dir, "../dist/page")
/** Bytes after gzip of what each first screen waits for (docs/architecture.md). */
const BUDGETS = { ".js": 45_000, ".css": 10_000 }

/**
 * What each first screen loads after the entry, by the manifest's keys or the names of chunks (client/vite.config.ts), and
 * the folders of texts it waits for, of one language.
 */
const FIRST_SCREENS = {
  welcome: { parts: ["src/accounts/Welcome.tsx"], texts: ["first-screen", "later"] },
  inbox: { parts: ["signed-in"], texts: ["first-screen"] },
}

type Chunk = { file: string; name?: string; imports?: string[]; css?: string[] }
export type Manifest = Record<string, Chunk>

/** A sentence for each first screen and kind of file that weighs more than it may. */
export async function budgetFaults(): Promise<string[]> {
  const weights = await firstScreenWeights()
  return weights.flatMap(({ screen, kind, bytes, budget }) =>
    bytes <= budget
      ? []
      : [`The ${screen}'s initial ${kind} is ${bytes} bytes after gzip, ${bytes - budget} over ${budget}.`],
  )
}

/** Bytes after gzip of each first screen, in the language that weighs most. */
export async function firstScreenWeights() {
  const manifest: Manifest = await Bun.file(join(PAGE, ".vite/manifest.json")).json()
  const html = await Bun.file(join(PAGE, "index.html")).text()
  const sizes = new Map<string, number>()
  for (const { file, css = [] } of Object.values(manifest))
    for (const name of [file, ...css]) {
      const bytes = await Bun.file(join(PAGE, name)).bytes()
      sizes.set(name, Bun.gzipSync(bytes, { level: 9 }).length)
    }
  const weigh = (files: string[], kind: string) =>
    files.reduce((sum, file) => sum + (file.endsWith(kind) ? sizes.get(file)! : 0), 0)

  return Object.entries(FIRST_SCREENS).flatMap(([screen, { parts, texts }]) =>
    Object.entries(BUDGETS).map(([kind, budget]) => {
      const languages = languagesOf(manifest)
      const totals = languages.map((language) =>
        weigh(
          loadedFiles(manifest, html, [
            ...parts,
            ...texts.map((folder) => `src/i18n/${folder}/${language}.ts`),
          ]),
          kind,
        ),
      )
      return { screen, kind, bytes: Math.max(...totals), budget }
    }),
  )
}

const languagesOf = (manifest: Manifest) =>
  Object.keys(manifest).flatMap((key) => /^src\/i18n\/first-screen\/(.+)\.ts$/.exec(key)?.[1] ?? [])

/** The scripts of the document and `parts`, with all they import without waiting, and their styles; each file once. */
export function loadedFiles(manifest: Manifest, html: string, parts: string[]): string[] {
  const files = new Set<string>()
  const visit = (key: string) => {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`The built page has no chunk "${key}": the manifest is not what this reads.`)
    if (files.has(chunk.file)) return
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const imported of chunk.imports ?? []) visit(imported)
  }
  const entries = Object.keys(manifest).filter((key) => html.includes(`src="/${manifest[key]!.file}"`))
  if (entries.length === 0) throw new Error("The built page's document has no script of the manifest.")
  const named = (part: string) => Object.keys(manifest).find((key) => manifest[key]!.name === part) ?? part
  for (const key of [...entries, ...parts.map((part) => (manifest[part] ? part : named(part)))]) visit(key)
  return [...files]
}

if (import.meta.main)
  for (const { screen, kind, bytes, budget } of await firstScreenWeights())
    console.log(`${screen}  ${kind}  ${bytes} of ${budget}`)
