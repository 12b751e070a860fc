import {
  children,
  createEffect,
  createMemo,
  createRenderEffect,
  createSignal,
  type JSX,
  mapArray,
  onCleanup,
  onMount,
} from "solid-js"
import { listen } from "./listen.ts"

type Props = {
  ids: readonly string[]
  /** A row's height in pixels until it is measured. */
  estimate: number
  class?: string
  label?: string
  labelledBy?: string
  /** A row that stays drawn wherever it is, with its neighbours: the one that has the focus, as keys go on from there. */
  anchor?: string
  ref?: (element: HTMLUListElement) => void
  /** Draws an `<li data-row="id">`. */
  children: (id: string) => JSX.Element
}

/** Up to so many rows are all drawn: the browser's own search finds them, and there is nothing to go wrong. */
const ALL_UP_TO = 120
/** Pixels drawn above and below what is in view. */
const MARGIN = 800
/** Stands among the rows that are drawn for those between that are not. */
const GAP = ""

/**
 * The rows of a list that are in view or near it, in a list that is as high as all of them. Rows may be of any height: each
 * is measured while it is drawn. The document is what scrolls.
 */
export function Rows(props: Props) {
  let list!: HTMLUListElement
  /** Of rows that were measured and are not as high as `estimate`. */
  const heights = new Map<string, number>()
  const [measured, setMeasured] = createSignal(0)
  const [view, setView] = createSignal({ top: 0, bottom: innerHeight })
  /** Whether what can be in view was painted once: until then nothing else is drawn. */
  const [painted, setPainted] = createSignal(false)
  const whole = createMemo(() => painted() && props.ids.length <= ALL_UP_TO)

  /** Where each row begins, and at the end where the last one ends, in pixels from the list's top. */
  const offsets = createMemo(() => {
    measured()
    const { ids, estimate } = props
    const offsets = new Float64Array(ids.length + 1)
    for (let i = 0; i < ids.length; i++) {
      offsets[i + 1] = offsets[i]! + ((heights.size > 0 && heights.get(ids[i]!)) || estimate)
    }
    return offsets
  })

  const range = createMemo(
    () => {
      if (whole()) return { start: 0, end: props.ids.length }
      const all = offsets()
      const margin = painted() ? MARGIN : 0
      return {
        start: Math.max(0, firstAfter(all, view().top - margin) - 1),
        end: Math.min(props.ids.length, firstAfter(all, view().bottom + margin)),
      }
    },
    undefined,
    { equals: (a, b) => a?.start === b.start && a?.end === b.end },
  )
  /** What is drawn: what is in view, and what is around the anchor where that is elsewhere; in their order. */
  const parts = createMemo(() => {
    const { start, end } = range()
    const at = props.ids.indexOf(props.anchor!)
    if (at < 0) return [{ start, end }]
    const around = { start: Math.max(0, at - 1), end: Math.min(props.ids.length, at + 2) }
    if (around.end < start) return [around, { start, end }]
    if (around.start > end) return [{ start, end }, around]
    return [{ start: Math.min(start, around.start), end: Math.max(end, around.end) }]
  })
  const drawn = createMemo(() =>
    parts()
      .map(({ start, end }) => props.ids.slice(start, end))
      .reduce((above, below) => above.concat(GAP, below)),
  )
  /** How high what lies between two rows is, in pixels. */
  const height = (from = 0, to = props.ids.length) => `${(offsets()[to] ?? 0) - (offsets()[from] ?? 0)}px`

  const look = () => {
    const top = -list.getBoundingClientRect().top
    setView({ top, bottom: top + innerHeight })
  }

  const rows = children(
    mapArray(drawn, (id) =>
      id === GAP ? (
        <li aria-hidden="true" style={{ height: height(parts()[0]!.end, parts()[1]?.start) }} />
      ) : (
        props.children(id)
      ),
    ),
  )

  const observer = new ResizeObserver((entries) => {
    let changed = false
    for (const { target } of entries) {
      const { row } = (target as HTMLElement).dataset
      const height = (target as HTMLElement).offsetHeight
      if (!row || height === 0 || (heights.get(row) ?? props.estimate) === height) continue
      if (height === props.estimate) heights.delete(row)
      else heights.set(row, height)
      changed = true
    }
    if (changed) setMeasured((count) => count + 1)
  })
  onMount(() => {
    props.ref?.(list)
    let frame = 0
    const onScroll = () => {
      if (whole()) return
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(look)
    }
    listen(window, "scroll", onScroll)
    listen(window, "resize", onScroll)
    onCleanup(() => {
      cancelAnimationFrame(frame)
      observer.disconnect()
    })
  })
  createEffect(() => {
    if (painted()) whole() || look()
    else if (drawn().length > 0) requestAnimationFrame(() => setTimeout(setPainted, 0, true))
  })
  /** The row that has the focus is never moved: that would take the focus away, and end the editing of a title. */
  const put = (rows: Element[]) => {
    const kept = new Set(rows)
    for (const row of Array.from(list.children)) {
      if (kept.has(row)) continue
      observer.unobserve(row)
      row.remove()
    }
    const held = list.querySelector(":scope > :focus-within")
    let next = list.firstElementChild
    for (const row of rows) {
      // What stands before it comes further down, and is put there then.
      if (row === held || (next !== held && next?.nextElementSibling === row)) next = row
      if (row === next) next = row.nextElementSibling
      else {
        list.insertBefore(row, next)
        observer.observe(row)
      }
    }
  }

  return (
    <ul
      ref={(element) => {
        list = element
        createRenderEffect(() => put(rows.toArray().filter(Boolean) as Element[]))
      }}
      // biome-ignore lint/a11y/noRedundantRoles: WebKit takes the list's role away with its bullets.
      role="list"
      class={props.class}
      aria-label={props.label}
      aria-labelledby={props.labelledBy}
      style={{
        "padding-top": height(0, parts()[0]!.start),
        "padding-bottom": height(parts().at(-1)!.end),
      }}
    />
  )
}

/** The first index whose value is greater than `limit`; the length when there is none. */
function firstAfter(values: Float64Array, limit: number) {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
