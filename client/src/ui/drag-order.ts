import { onCleanup } from "solid-js"
import type { DragOptions } from "./drag-row.ts"

/**
 * Reordering rows by dragging: with a mouse or a pen by the handle (`data-handle`), with a finger by resting on a row.
 * What moves is a copy, so the row itself may go out of view, or out of the page, while the list scrolls.
 * Returns the handler for `pointerdown` on the container.
 */
export function createDragOrder(options: DragOptions) {
  let end: (() => void) | undefined
  let follow: typeof import("./drag-row.ts").follow | undefined
  const load = () =>
    import("./drag-row.ts").then(
      (loaded) => {
        follow = loaded.follow
      },
      // Without a connection rows stay where they are, until the next press asks again.
      () => {},
    )
  // Nothing waits for it: it comes once the rows are drawn.
  const timer = setTimeout(load)
  onCleanup(() => {
    clearTimeout(timer)
    end?.()
  })

  return (event: PointerEvent) => {
    const target = event.target as HTMLElement
    const row = target.closest<HTMLElement>("[data-row]")
    const touch = event.pointerType === "touch"
    if (!row || event.button !== 0 || end) return
    if (touch ? target.closest("input, textarea, [contenteditable]") : !target.closest("[data-handle]"))
      return
    if (!touch) event.preventDefault()
    if (!follow) return void load()
    end = follow(event, row, touch, options, () => {
      end = undefined
    })
  }
}
