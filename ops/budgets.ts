import { join } from "node:path"
import { firstScreenFiles, languagesOf, type Manifest, SCREENS } from "./first-screens.ts"

const PAGE = join(import.meta.dir, "../dist/page")
/** Bytes after gzip of what each first screen waits for (docs/architecture.md). */
const BUDGETS = { ".js": 45_000, ".css": 10_000 }

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

  return SCREENS.flatMap((screen) =>
    Object.entries(BUDGETS).map(([kind, budget]) => {
      const totals = languagesOf(manifest).map((language) =>
        weigh(firstScreenFiles(manifest, html, screen, language), kind),
      )
      return { screen, kind, bytes: Math.max(...totals), budget }
    }),
  )
}

if (import.meta.main)
  for (const { screen, kind, bytes, budget } of await firstScreenWeights())
    console.log(`${screen}  ${kind}  ${bytes} of ${budget}`)
