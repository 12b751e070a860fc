import "./drag.css"

export type DragOptions = {
  /** Holds the rows, each with `data-row`. */
  container: () => HTMLElement | undefined
  /** Row `id` was let go so that it stands before row `before`, or at the end (null). */
  onMove: (id: string, before: string | null) => void
  /** Row `id` was let go over an element with `data-drop`, of which this is the value. */
  onDrop?: (id: string, target: string) => void
}

/** Milliseconds a finger rests on a row before it is lifted; scrolling starts sooner. */
const LONG_PRESS = 350
/** Pixels a pointer may tremble before it counts as moving. */
const SLOP = 6
/** Pixels from the window's edge within which it scrolls, and at most so many a frame. */
const SCROLL_EDGE = 72
const SCROLL_STEP = 16

/** Follows the pointer that went down on `row` until it is let go. Returns what ends it before that. */
export function follow(
  start: PointerEvent,
  row: HTMLElement,
  touch: boolean,
  options: DragOptions,
  onEnd: () => void,
) {
  const id = row.dataset.row!
  let lifted: Lifted | undefined
  let frame = 0
  let x = start.clientX
  let y = start.clientY

  const lift = () => {
    lifted = liftRow(row, start, options)
    navigator.vibrate?.(10)
    frame = requestAnimationFrame(scroll)
  }
  const timer = touch ? setTimeout(lift, LONG_PRESS) : undefined

  const onPointerMove = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return
    x = event.clientX
    y = event.clientY
    const moved = Math.hypot(x - start.clientX, y - start.clientY) > SLOP
    if (!lifted && moved && touch) return stop()
    if (!lifted && moved) lift()
    lifted?.to(x, y)
  }

  const scroll = () => {
    const above = SCROLL_EDGE - y
    const below = y - (innerHeight - SCROLL_EDGE)
    const push = Math.max(above, below)
    if (push > 0) {
      const step = Math.ceil((Math.min(push, SCROLL_EDGE) / SCROLL_EDGE) * SCROLL_STEP)
      scrollBy(0, above > below ? -step : step)
      lifted?.to(x, y)
    }
    frame = requestAnimationFrame(scroll)
  }

  const onPointerUp = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return
    const place = lifted?.place()
    const moved = lifted !== undefined
    stop()
    if (!moved) return
    // The press that ends a drag is not a click on what happens to be under it.
    addEventListener("click", swallow, { capture: true, once: true })
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0)
    if (place?.drop !== undefined) options.onDrop?.(id, place.drop)
    else if (place?.before !== undefined) options.onMove(id, place.before)
  }

  const onCancel = (event: PointerEvent) => event.pointerId === start.pointerId && stop()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !lifted) return
    event.preventDefault()
    event.stopPropagation()
    stop()
  }
  // A finger that has lifted a row no longer scrolls; only a listener that may say no can stop it.
  const onTouchMove = (event: TouchEvent) => lifted && event.cancelable && event.preventDefault()
  const onContextMenu = (event: Event) => touch && event.preventDefault()

  const stop = () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    lifted?.end()
    removeEventListener("pointermove", onPointerMove)
    removeEventListener("pointerup", onPointerUp)
    removeEventListener("pointercancel", onCancel)
    removeEventListener("keydown", onKeyDown, { capture: true })
    removeEventListener("touchmove", onTouchMove)
    removeEventListener("contextmenu", onContextMenu)
    onEnd()
  }

  addEventListener("pointermove", onPointerMove)
  addEventListener("pointerup", onPointerUp)
  addEventListener("pointercancel", onCancel)
  addEventListener("keydown", onKeyDown, { capture: true })
  addEventListener("touchmove", onTouchMove, { passive: false })
  addEventListener("contextmenu", onContextMenu)
  return stop
}

const swallow = (event: Event) => {
  event.preventDefault()
  event.stopPropagation()
}

type Place = { before?: string | null; drop?: string }
type Lifted = { to: (x: number, y: number) => void; place: () => Place; end: () => void }

/** Shows that a row is held: a copy under the pointer, a line where it would go. */
function liftRow(row: HTMLElement, start: PointerEvent, options: DragOptions): Lifted {
  const box = row.getBoundingClientRect()
  const copy = document.createElement("div")
  const image = row.cloneNode(true) as HTMLElement
  image.removeAttribute("data-row")
  image.style.margin = "0"
  copy.className = "drag-copy"
  copy.inert = true
  copy.append(image)
  copy.style.width = `${box.width}px`
  copy.style.left = `${box.left}px`
  copy.style.top = `${box.top}px`
  const line = document.createElement("div")
  line.className = "drag-line"
  // A popover's or a dialog's rows are in the top layer, and so must these be.
  const layer = row.closest("dialog") ?? document.body
  layer.append(copy, line)
  row.classList.add("drag-source")
  document.documentElement.classList.add("drag-under-way")
  let place: Place = {}
  let target: HTMLElement | undefined

  const aim = (drop: HTMLElement | undefined) => {
    target?.classList.remove("drag-target")
    target = drop
    target?.classList.add("drag-target")
    copy.classList.toggle("drag-copy-aimed", target !== undefined)
  }

  return {
    to(x, y) {
      copy.style.translate = `${options.onDrop ? x - start.clientX : 0}px ${y - start.clientY}px`
      const under = options.onDrop && document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]")
      aim(under ?? undefined)
      line.hidden = under !== null && under !== undefined
      place = under ? { drop: under.dataset.drop! } : placeAt(options.container(), y, line)
    },
    place: () => place,
    end() {
      aim(undefined)
      copy.remove()
      line.remove()
      row.classList.remove("drag-source")
      document.documentElement.classList.remove("drag-under-way")
    },
  }
}

/** The row before which `y` is, and the line drawn there. */
function placeAt(container: HTMLElement | undefined, y: number, line: HTMLElement): Place {
  const rows = Array.from(container?.querySelectorAll<HTMLElement>(":scope > [data-row]") ?? [])
  if (rows.length === 0) return {}
  const next = rows.find((row) => {
    const { top, height } = row.getBoundingClientRect()
    return y < top + height / 2
  })
  const box = (next ?? rows.at(-1)!).getBoundingClientRect()
  line.style.left = `${box.left}px`
  line.style.width = `${box.width}px`
  line.style.top = `${next ? box.top : box.bottom}px`
  return { before: next?.dataset.row ?? null }
}
