import { createUniqueId, type JSX } from "solid-js"
import "./TodoGroup.css"

/** Todos under a heading. `children` gets the heading's id, to be named by it. */
export function TodoGroup(props: {
  title: string
  note?: string
  late?: boolean
  children: (labelledBy: string) => JSX.Element
}) {
  const id = createUniqueId()
  return (
    <section class="todo-group">
      <h2 id={id} class="todo-group-title" classList={{ "todo-group-late": props.late }}>
        {props.title} <span class="todo-group-note">{props.note}</span>
      </h2>
      {props.children(id)}
    </section>
  )
}
