import type { Me } from "../api/access-token.ts"

type Theme = Me["theme"]

const STORED_THEME = "docket.theme"

/** Shows the page in `theme` and remembers it on this device, for the moment before the account is known. */
export function applyTheme(theme: Theme) {
  localStorage.setItem(STORED_THEME, theme)
  document.documentElement.dataset.theme = theme
}

export function applyStoredTheme() {
  const theme = localStorage.getItem(STORED_THEME)
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
}
