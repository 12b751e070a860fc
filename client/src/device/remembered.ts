/** Where the browser lends no storage: as long as the page is open. */
const meanwhile = new Map<string, string>()

/** What this browser was to remember, by a name of its own for each thing; null if it has nothing. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return meanwhile.get(name) || null
  }
}

/** Has this browser remember `value` until another one comes, or forget it. */
export function remember(name: string, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    meanwhile.set(name, value ?? "")
  }
}
