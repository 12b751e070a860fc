import { createSignal, onMount } from "solid-js"
import { ApiProblem } from "../api/problem.ts"
import { listen } from "../ui/listen.ts"

/**
 * The token of the letter's link that the page was opened by, or is opened by while it is shown: null if the link
 * has none. It is taken out of the address bar, so that it doesn't stay in the history; as a part of the fragment
 * it has reached no server and no log.
 */
export function createLetterToken() {
  // An object, since the same link followed again is a new beginning.
  const [link, setLink] = createSignal(takeToken())
  onMount(() => {
    const look = () => {
      const taken = takeToken()
      if (taken) setLink(taken)
    }
    listen(window, "hashchange", look)
  })
  return link
}

function takeToken(): { token: string } | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token")
  if (!token) return null
  history.replaceState(history.state, "", location.pathname + location.search)
  return { token }
}

/** Whether a link's token was used, is too old, or cannot be one at all. */
export const isDeadLink = (error: unknown) =>
  error instanceof ApiProblem &&
  (error.slug === "link-expired" || error.errors.some(({ path }) => path === "/token"))
