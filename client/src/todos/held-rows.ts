import { createMemo, createSignal, onCleanup } from "solid-js"

/** Milliseconds that a row stays after the last completion: while someone ticks off several, nothing moves under the hand. */
const BREATH = 1_800
/** Of which it fades for so many (`--calm` takes a little less), not from the start: a fade to come costs a layer until then. */
const FADE = 200

/** A row that is held, and the rows that stood above it when it left, the nearest first. */
type Held = { id: string; above: readonly string[] }

/** So many rows above are remembered: the nearest of them that is still there is where a held row stands. */
const REMEMBERED = 24

/**
 * Keeps rows where they are for a breath after they left `ids`, so that undo is where the eye is. `onRelease` is
 * called right before they go.
 */
export function createHeldRows(ids: () => readonly string[], onRelease: (held: ReadonlySet<string>) => void) {
  const [held, setHeld] = createSignal<readonly Held[]>([])
  const [leaving, setLeaving] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  function leave() {
    setLeaving(true)
    timer = setTimeout(() => {
      onRelease(new Set(held().map(({ id }) => id)))
      setLeaving(false)
      setHeld([])
    }, FADE)
  }

  const shown = createMemo(() => (held().length === 0 ? ids() : withHeld(ids(), held())))

  return {
    shown,
    /** Whether the rows that are held are about to go. Reactive. */
    leaving,
    /** Call it before the change that takes the row out. */
    hold(id: string) {
      const at = shown().indexOf(id)
      const above = shown()
        .slice(Math.max(0, at - REMEMBERED), at)
        .reverse()
      setHeld((held) => [...held.filter((other) => other.id !== id), { id, above }])
      setLeaving(false)
      clearTimeout(timer)
      timer = setTimeout(leave, BREATH - FADE)
    },
  }
}

/** `ids`, and the held ones that are not among them, each below the nearest row that stood above it. */
export function withHeld(ids: readonly string[], held: readonly Held[]): string[] {
  const shown = ids.slice()
  let waiting = held.filter(({ id }) => !ids.includes(id))
  while (waiting.length > 0) {
    const later: Held[] = []
    for (const row of waiting) {
      const above = row.above.find((id) => shown.includes(id) || waiting.some((other) => other.id === id))
      const at = above === undefined ? -1 : shown.indexOf(above)
      // What stood above it is held too, and not yet in its place.
      if (above !== undefined && at < 0) later.push(row)
      else shown.splice(at + 1, 0, row.id)
    }
    // Two that each stood above the other at their time: the first goes first.
    if (later.length === waiting.length) shown.unshift(later.shift()!.id)
    waiting = later
  }
  return shown
}
