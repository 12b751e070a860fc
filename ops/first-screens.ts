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

export type FirstScreen = keyof typeof FIRST_SCREENS
export const SCREENS = Object.keys(FIRST_SCREENS) as FirstScreen[]

/** The languages that the page was built in. */
export const languagesOf = (manifest: Manifest) =>
  Object.keys(manifest).flatMap((key) => /^src\/i18n\/first-screen\/(.+)\.ts$/.exec(key)?.[1] ?? [])

/** What the first screen loads in the language before it is there, the document's own scripts and styles among it. */
export function firstScreenFiles(manifest: Manifest, html: string, screen: FirstScreen, language: string) {
  const { parts, texts } = FIRST_SCREENS[screen]
  return loadedFiles(manifest, html, [
    ...parts,
    ...texts.map((folder) => `src/i18n/${folder}/${language}.ts`),
  ])
}

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
