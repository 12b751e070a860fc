import { createSignal } from "solid-js"
import type { English } from "./en.ts"
import { bestLanguage, isLanguage, type Language } from "./languages.ts"
import { format, type Message, type PlaceholderOf } from "./message.ts"

export type Key = keyof English

type Catalogue = Readonly<Record<Key, Message>>
type Parameters<K extends Key> = [PlaceholderOf<English[K]>] extends [never]
  ? []
  : [Record<PlaceholderOf<English[K]>, string | number>]

/** A chunk per language; one is loaded at a time. */
const catalogues: Record<Language, () => Promise<Catalogue>> = {
  en: () => import("./en.ts").then(({ english }) => english),
  es: () => import("./es.ts").then(({ spanish }) => spanish),
  fr: () => import("./fr.ts").then(({ french }) => french),
  pt: () => import("./pt.ts").then(({ portuguese }) => portuguese),
  "zh-CN": () => import("./zh-CN.ts").then(({ simplifiedChinese }) => simplifiedChinese),
  "zh-TW": () => import("./zh-TW.ts").then(({ traditionalChinese }) => traditionalChinese),
}

const STORED_CHOICE = "docket.language"

const [current, setCurrent] = createSignal<{ language: Language; catalogue: Catalogue }>()
let wanted: Language | undefined

/** The language the page is in. Reactive, like `t`. */
export const language = (): Language => current()?.language ?? "en"

/** The text for `key` in the page's language. Reactive: a text in JSX changes with the language. */
export function t<K extends Key>(key: K, ...[parameters]: Parameters<K>): string {
  const { language, catalogue } = loaded()
  return format(language, catalogue[key], parameters)
}

/** Whether a key made at run time, say from a problem's type, has a text. */
export const isKey = (key: string): key is Key => Object.hasOwn(loaded().catalogue, key)

/** Loads the language chosen on this device before, else the best of the browser's. Call it before rendering. */
export function loadPreferredLanguage() {
  const choice = localStorage.getItem(STORED_CHOICE)
  return loadLanguage(choice && isLanguage(choice) ? choice : bestLanguage(navigator.languages))
}

/** Changes the page's language and remembers it on this device. Rejects, and changes nothing, if it cannot be loaded. */
export async function chooseLanguage(language: Language) {
  await loadLanguage(language)
  localStorage.setItem(STORED_CHOICE, language)
}

async function loadLanguage(language: Language) {
  wanted = language
  const catalogue = await catalogues[language]()
  // Another language was asked for while this one was on its way.
  if (wanted !== language) return
  document.documentElement.lang = language
  setCurrent({ language, catalogue })
}

function loaded() {
  const catalogue = current()
  if (!catalogue) throw new Error("A text was asked for before a language was loaded.")
  return catalogue
}
