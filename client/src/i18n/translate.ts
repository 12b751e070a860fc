import { createSignal, untrack } from "solid-js"
import { remember, remembered } from "../device/remembered.ts"
import type { English } from "./en.ts"
import { bestLanguage, isLanguage, type Language } from "./languages.ts"
import { format, type Message, type PlaceholderOf } from "./message.ts"

export type Key = keyof English

type Catalogue = Readonly<Record<Key, Message>>
type Parameters<K extends Key> = [PlaceholderOf<English[K]>] extends [never]
  ? []
  : [Record<PlaceholderOf<English[K]>, string | number>]

type Texts = Partial<Catalogue>
type Chunk = () => Promise<{ texts: Texts }>

/** Two chunks per language: what the first screen of a signed-in person says, and the rest, for `restOfTexts`. */
const catalogues: Record<Language, { firstScreen: Chunk; later: Chunk }> = {
  en: { firstScreen: () => import("./first-screen/en.ts"), later: () => import("./later/en.ts") },
  es: { firstScreen: () => import("./first-screen/es.ts"), later: () => import("./later/es.ts") },
  fr: { firstScreen: () => import("./first-screen/fr.ts"), later: () => import("./later/fr.ts") },
  pt: { firstScreen: () => import("./first-screen/pt.ts"), later: () => import("./later/pt.ts") },
  "zh-CN": { firstScreen: () => import("./first-screen/zh-CN.ts"), later: () => import("./later/zh-CN.ts") },
  "zh-TW": { firstScreen: () => import("./first-screen/zh-TW.ts"), later: () => import("./later/zh-TW.ts") },
}

const STORED_CHOICE = "docket.language"

const [current, setCurrent] = createSignal<{ language: Language; catalogue: Texts }>()
let wanted: Language | undefined

/** The language the page is in. Reactive, like `t`. */
export const language = (): Language => current()?.language ?? "en"

/**
 * The text for `key` in the page's language. Reactive: a text in JSX changes with the language. The first screen may
 * use what is in i18n/first-screen alone; `check-translations` holds it to that.
 */
export function t<K extends Key>(key: K, ...[parameters]: Parameters<K>): string {
  const { language, catalogue } = loaded()
  const message = catalogue[key]
  if (message === undefined) throw new Error(`The text "${key}" is not loaded.`)
  return format(language, message, parameters)
}

/** Whether a key made at run time, say from a problem's type, has a text. */
export const isKey = (key: string): key is Key => Object.hasOwn(loaded().catalogue, key)

/**
 * Loads what the first screen says, in the language chosen on this device before, else in the best of the browser's.
 * Call it before rendering.
 */
export async function loadPreferredLanguage() {
  const choice = remembered(STORED_CHOICE)
  const language = choice && isLanguage(choice) ? choice : bestLanguage(navigator.languages)
  wanted = language
  const { texts } = await catalogues[language].firstScreen()
  show(language, { ...texts })
}

/** Loads the other texts of the page's language. What uses them waits for it, so that no text is ever missing. */
export async function restOfTexts() {
  const { language, catalogue } = untrack(loaded)
  // Added to the same object: nothing that is shown changes by it, so nothing is drawn again.
  Object.assign(catalogue, (await catalogues[language].later()).texts)
}

/** Changes the page's language and remembers it on this device. Rejects, and changes nothing, if it cannot be loaded. */
export async function chooseLanguage(language: Language) {
  await loadLanguage(language)
  remember(STORED_CHOICE, language)
}

async function loadLanguage(language: Language) {
  wanted = language
  const { firstScreen, later } = catalogues[language]
  const parts = await Promise.all([firstScreen(), later()])
  // Another language was asked for while this one was on its way.
  if (wanted !== language) return
  show(language, Object.assign({}, ...parts.map(({ texts }) => texts)))
}

function show(language: Language, catalogue: Texts) {
  document.documentElement.lang = language
  setCurrent({ language, catalogue })
}

function loaded() {
  const catalogue = current()
  if (!catalogue) throw new Error("No language is loaded.")
  return catalogue
}
