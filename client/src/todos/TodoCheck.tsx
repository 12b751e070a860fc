import { For } from "solid-js"
import type { Priority } from "../sync/rows.ts"
import "./TodoCheck.css"

/** Where the dots stand, in a circle of 20 by 20: one for low, two for medium, three for high. */
const DOTS: Record<Priority, readonly number[]> = {
  none: [],
  low: [10],
  medium: [7.75, 12.25],
  high: [6, 10, 14],
}

/** The mark of a priority: by its colour, and by its number of dots. */
export function PriorityMark(props: { priority: Priority; done?: boolean }) {
  return (
    <svg
      class="todo-check-mark"
      classList={{ "todo-check-mark-done": props.done }}
      data-priority={props.priority}
      width="20"
      height="20"
      viewBox="0 0 20 20"
      aria-hidden="true"
    >
      <circle class="todo-check-ring" cx="10" cy="10" r="8.25" />
      <For each={DOTS[props.priority]}>
        {(x) => <circle class="todo-check-dot" cx={x} cy="10" r="1.25" />}
      </For>
      <path class="todo-check-tick" d="M6 10.4l2.8 2.8L14.2 7.4" pathLength="1" />
    </svg>
  )
}

type Props = {
  done: boolean
  priority: Priority
  label: string
  tabIndex?: number
  onToggle: () => void
}

export function TodoCheck(props: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form control would not let its ring be drawn.
    <button
      type="button"
      class="todo-check"
      role="checkbox"
      aria-checked={props.done}
      aria-label={props.label}
      tabIndex={props.tabIndex}
      onClick={() => props.onToggle()}
    >
      <PriorityMark priority={props.priority} done={props.done} />
    </button>
  )
}
