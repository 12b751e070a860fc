/** BCP 47 tags in the order that menus show them; each name is in its own language. */
export const LANGUAGES = {
  en: "English",
  es: "Español",
  fr: "Français",
  pt: "Português",
  "zh-CN": "简体中文",
  "zh-TW": "繁體中文",
} as const

export type Language = keyof typeof LANGUAGES

export const isLanguage = (tag: string): tag is Language => Object.hasOwn(LANGUAGES, tag)

/** The first of `wanted` (BCP 47, most wanted first) that the page speaks, in whichever variant; English if none. */
export function bestLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = spoken(tag)
    if (language) return language
  }
  return "en"
}

function spoken(tag: string): Language | null {
  let locale: Intl.Locale
  try {
    locale = new Intl.Locale(tag).maximize()
  } catch {
    return null
  }
  // Chinese is chosen by script: Hong Kong and Macau read the traditional one, Singapore the simplified.
  if (locale.language === "zh") return locale.script === "Hant" ? "zh-TW" : "zh-CN"
  return isLanguage(locale.language) ? locale.language : null
}
