import { createSignal } from "solid-js"
import { createFollowing } from "./following.ts"

const [text, setText] = createSignal("")

/** Has a screen reader say `message` when it is done with what it says now. */
export function announce(message: string) {
  // The same words twice would be no change, and be said once.
  setText((before) => (before === message ? `${message}\u00a0` : message))
}

/** Stands once on the page, from the start: a live region that comes with its text is not read. */
export function Announcer() {
  const said = createFollowing(text)
  return (
    <div class="visually-hidden" role="status">
      {said()}
    </div>
  )
}
