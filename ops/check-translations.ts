/**
 * Finds what types cannot: texts that nothing uses, texts that are used before they are loaded, keys in two files,
 * and placeholders or plurals that a translation lost. (A missing key is a type error.)
 */
import { join } from "node:path"
import { LANGUAGES, type Language } from "../client/src/i18n/languages.ts"
import type { Message } from "../client/src/i18n/message.ts"

const SOURCES = `${import.meta.dirname}/../client/src`
const I18N = `${SOURCES}/i18n`

type Catalogue = Record<string, Message>

/** A sentence per fault; none when all is well. */
export async function translationFaults(): Promise<string[]> {
  const english = await catalogue("en")
  const languages = Object.keys(LANGUAGES) as Language[]
  const translations = await Promise.all(
    languages.map(async (language) => ({ language, texts: await catalogue(language) })),
  )
  return [
    ...unusedKeys(Object.keys(english), await sourceTexts()),
    ...earlyKeys(Object.keys(await catalogue("later/en")), await textsBefore(`${SOURCES}/main.tsx`)),
    ...(await repeatedKeys()),
    ...translations.flatMap(({ language, texts }) => differences(language, english, texts)),
  ]
}

async function catalogue(language: Language | "later/en"): Promise<Catalogue> {
  const [texts] = Object.values((await import(`${I18N}/${language}.ts`)) as Record<string, Catalogue>)
  return texts!
}

/** Every source file of the page except the catalogues themselves. */
async function sourceTexts() {
  const files = [...new Bun.Glob("**/*.{ts,tsx}").scanSync(SOURCES)].filter(
    (file) =>
      !/\.test\.tsx?$/.test(file) && !Object.keys(LANGUAGES).some((tag) => file.startsWith(`i18n/${tag}`)),
  )
  return Promise.all(files.map((file) => Bun.file(`${SOURCES}/${file}`).text()))
}

/** A key is used where it is written whole, or where a template literal begins with its first parts. */
export function unusedKeys(keys: string[], sources: string[]): string[] {
  const source = sources.join("\n")
  const written = new Set(source.match(/(?<=["'`])[\w-]+(?:\.[\w-]+)+(?=["'`])/g))
  const begun = [
    ...new Set([...source.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map(([, prefix]) => prefix!)),
  ]
  return keys
    .filter((key) => !written.has(key) && !begun.some((prefix) => key.startsWith(prefix)))
    .map((key) => `"${key}" is not used anywhere.`)
}

/** The sources of what is shown without waiting for the other texts: all but what `lazyWithTexts` loads. */
async function textsBefore(file: string, found = new Map<string, string>()): Promise<Map<string, string>> {
  if (found.has(file)) return found
  const source = await Bun.file(file).text()
  found.set(file, source)
  const imported = new Bun.Transpiler({ loader: "tsx" })
    .scanImports(source)
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => path)
  const lazy = [...source.matchAll(/\blazy\(\(\) => import\("(.+?)"\)\)/g)].map(([, path]) => path!)
  for (const path of [...imported, ...lazy]) {
    if (/^\..*\.tsx?$/.test(path)) await textsBefore(join(file, "..", path), found)
  }
  return found
}

/** Keys of texts that are loaded later, written in a source that does not wait for them. */
export function earlyKeys(later: string[], sources: Map<string, string>): string[] {
  return [...sources].flatMap(([file, source]) =>
    later
      .filter((key) => source.includes(`"${key}"`))
      .map(
        (key) =>
          `"${key}" is used in ${file.slice(file.indexOf("/src/") + 1)}, which may be shown before it is loaded.`,
      ),
  )
}

async function repeatedKeys() {
  const seen = new Map<string, string>()
  const faults: string[] = []
  for (const file of new Bun.Glob("*.ts").scanSync(`${I18N}/en`)) {
    const [texts] = Object.values((await import(`${I18N}/en/${file}`)) as Record<string, Catalogue>)
    for (const key of Object.keys(texts!)) {
      if (seen.has(key)) faults.push(`"${key}" is in both en/${seen.get(key)} and en/${file}.`)
      seen.set(key, file)
    }
  }
  return faults
}

function differences(language: Language, english: Catalogue, texts: Catalogue) {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const faults: string[] = []
  for (const [key, original] of Object.entries(english)) {
    const text = texts[key]!
    const forms = typeof text === "string" ? [text] : Object.values(text)
    if (forms.some((form) => !form.trim())) faults.push(`"${key}" is empty in ${language}.`)
    const wanted = placeholders(typeof original === "string" ? original : original.other)
    const given = placeholders(typeof text === "string" ? text : text.other)
    if (wanted !== given)
      faults.push(`"${key}" in ${language} has the placeholders [${given}], English [${wanted}].`)
    if (typeof text === "string") continue
    // "many" is for millions in Spanish, French and Portuguese; "other" reads well there.
    const missing = categories.filter((category) => category !== "many" && !(category in text))
    if (missing.length > 0) faults.push(`"${key}" in ${language} has no form for: ${missing.join(", ")}.`)
  }
  return faults
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join(" ")

if (import.meta.main) {
  const faults = await translationFaults()
  for (const fault of faults) console.error(fault)
  process.exit(faults.length === 0 ? 0 : 1)
}
