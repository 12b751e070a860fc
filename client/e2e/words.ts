import { english } from "../src/i18n/en.ts"
import { spanish } from "../src/i18n/es.ts"
import { french } from "../src/i18n/fr.ts"
import type { Language } from "../src/i18n/languages.ts"
import { format, type Message } from "../src/i18n/message.ts"
import { portuguese } from "../src/i18n/pt.ts"
import type { Key } from "../src/i18n/translate.ts"
import { simplifiedChinese } from "../src/i18n/zh-CN.ts"
import { traditionalChinese } from "../src/i18n/zh-TW.ts"

const catalogues: Record<Language, Record<Key, Message>> = {
  en: english,
  es: spanish,
  fr: french,
  pt: portuguese,
  "zh-CN": simplifiedChinese,
  "zh-TW": traditionalChinese,
}

export type Words = (key: Key, parameters?: Record<string, string | number>) => string

/** The texts of the page in `language`, by which a person finds things on it. */
export const words =
  (language: Language = "en"): Words =>
  (key, parameters) =>
    format(language, catalogues[language][key], parameters)
