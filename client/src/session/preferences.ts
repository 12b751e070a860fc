import { createEffect, createRoot } from "solid-js"
import { chooseLanguage, language } from "../i18n/translate.ts"
import { me } from "./session.ts"
import { applyTheme } from "./theme.ts"

/** Keeps the page in the language and the theme of whoever is signed in. */
export function followPreferences() {
  createRoot(() => {
    createEffect(() => {
      const wanted = me()?.language
      // A language that cannot be loaded now leaves the page in the one it has.
      if (wanted && wanted !== language()) chooseLanguage(wanted).catch(() => {})
    })
    createEffect(() => {
      const theme = me()?.theme
      if (theme) applyTheme(theme)
    })
  })
}
