import { batch, createEffect, createSignal, on, untrack } from "solid-js"

/** Milliseconds from the frame that shows what was pressed, in which it gets to the screen. */
const LATE = 50

/** What is to follow, all at once: each timer has its price. */
const waiting: (() => void)[] = []

/** `source`, a little late: for what changes elsewhere on the page, so that what is under the hand does not wait for it. */
export function createFollowing<T>(source: () => T): () => T {
  const [value, setValue] = createSignal(untrack(source))
  createEffect(
    on(source, (next) => {
      if (waiting.push(() => setValue(() => next)) === 1)
        requestAnimationFrame(() => setTimeout(follow, LATE))
    }),
  )
  return value
}

const follow = () => batch(() => waiting.splice(0).map((set) => set()))
