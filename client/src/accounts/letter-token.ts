import { ApiProblem } from "../api/problem.ts"

/**
 * Takes the token of a letter's link out of the address bar: it is in the fragment (`#token=…`), which reaches no server and no
 * log, and it should not stay in the history either. Empty if there is none.
 */
export function takeLetterToken(): string {
  const token = location.hash.replace(/^#(token=)?/, "")
  if (token) history.replaceState(history.state, "", location.pathname + location.search)
  return token
}

/** Whether a link's token was used, is too old, or cannot be one at all. */
export const isDeadLink = (error: unknown) =>
  error instanceof ApiProblem &&
  (error.slug === "link-expired" || error.errors.some(({ path }) => path === "/token"))
