import { createMemo, createSignal, onCleanup } from "solid-js"

/** Milliseconds that a row stays after the last completion: while someone ticks off several, nothing moves under the hand. */
const BREATH = 1_800

/**
 * Keeps rows where they are for a breath after they left `ids`, so that undo is where the eye is. `onRelease` is
 * called right before they go.
 */
export function createHeldRows(ids: () => readonly string[], onRelease: (held: ReadonlySet<string>) => void) {
  const [held, setHeld] = createSignal<ReadonlySet<string>>(new Set())
  let order: readonly string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  const shown = createMemo(() => (held().size === 0 ? ids() : withHeld(ids(), held(), order)))

  return {
    shown,
    held,
    /** Call it before the change that takes the row out. */
    hold(id: string) {
      order = shown()
      setHeld((held) => new Set(held).add(id))
      clearTimeout(timer)
      timer = setTimeout(() => {
        onRelease(held())
        setHeld(new Set<string>())
      }, BREATH)
    },
  }
}

/** `ids`, and the held ones that are not among them, each after the row it stood after in `order`. */
export function withHeld(
  ids: readonly string[],
  held: ReadonlySet<string>,
  order: readonly string[],
): string[] {
  const present = new Set(ids)
  /** Rows that left, by the row they follow ("" for the top). */
  const following = new Map<string, string[]>()
  let above = ""
  for (const id of order) {
    if (present.has(id)) above = id
    else if (held.has(id)) following.set(above, [...(following.get(above) ?? []), id])
  }
  return [...(following.get("") ?? []), ...ids.flatMap((id) => [id, ...(following.get(id) ?? [])])]
}
