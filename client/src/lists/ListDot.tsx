import type { Colour } from "../sync/rows.ts"
import "./ListDot.css"

/** The colour of a list. */
export function ListDot(props: { colour: Colour }) {
  return <span class="list-dot" data-colour={props.colour} />
}
