import { createSignal } from "solid-js"

const [text, setText] = createSignal("")

/** Milliseconds. */
const LATER = 50

/** Has a screen reader say `message` when it is done with what it says now. */
export function announce(message: string) {
  // What it tells of is painted first. The same words twice would be no change, and be said once.
  setTimeout(() => setText((before) => (before === message ? `${message}\u00a0` : message)), LATER)
}

/** Stands once on the page, from the start: a live region that comes with its text is not read. */
export function Announcer() {
  return (
    <div class="visually-hidden" role="status">
      {text()}
    </div>
  )
}
