import type { Me } from "../api/access-token.ts"
import { remember, remembered } from "../device/remembered.ts"

type Theme = Me["theme"]

const STORED_THEME = "docket.theme"

/** Shows the page in `theme` and remembers it on this device, for the moment before the account is known. */
export function applyTheme(theme: Theme) {
  remember(STORED_THEME, theme)
  document.documentElement.dataset.theme = theme
}

export function applyStoredTheme() {
  const theme = remembered(STORED_THEME)
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
}
