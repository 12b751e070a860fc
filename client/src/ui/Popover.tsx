import { type JSX, splitProps } from "solid-js"
import "./Popover.css"

type Props = {
  id: string
  /** The button that opens it; it has `popoverTarget={id}`. */
  anchor: () => HTMLElement | undefined
  onOpen?: (element: HTMLElement) => void
  onClose?: () => void
} & Omit<JSX.HTMLAttributes<HTMLDivElement>, "id">

/** What floats beside a button until something else is touched. The browser closes it, and gives the focus back. */
export function Popover(props: Props) {
  let element!: HTMLDivElement
  const [own, rest] = splitProps(props, ["id", "anchor", "onOpen", "onClose", "class", "children"])
  return (
    <div
      ref={(created) => {
        element = created
        element.addEventListener("beforetoggle", (event) => {
          if (event.newState !== "open") return
          const anchor = own.anchor()
          if (anchor) place(element, anchor)
        })
        element.addEventListener("toggle", (event) => {
          if (event.newState === "open") own.onOpen?.(element)
          else own.onClose?.()
        })
      }}
      {...rest}
      id={own.id}
      popover="auto"
      class={`popover ${own.class ?? ""}`}
    >
      {own.children}
    </div>
  )
}

const GAP = 4
const EDGE = 8

/** Pixels that most popovers are not wider than. */
const USUAL_WIDTH = 288

/** Below `anchor` or above it, where there is more room; aligned with its left edge if that leaves enough to the right. */
function place(element: HTMLElement, anchor: HTMLElement) {
  const { left, right, top, bottom } = anchor.getBoundingClientRect()
  const { clientWidth: width, clientHeight: height } = document.documentElement
  const { style } = element
  const below = bottom < height * 0.6
  style.inset = "auto"
  if (below) style.top = `${bottom + GAP}px`
  else style.bottom = `${height - top + GAP}px`
  style.maxHeight = `${(below ? height - bottom : top) - GAP - EDGE}px`
  if (left + USUAL_WIDTH + EDGE <= width) style.left = `${Math.max(EDGE, left)}px`
  else style.right = `${Math.max(EDGE, width - right)}px`
}
