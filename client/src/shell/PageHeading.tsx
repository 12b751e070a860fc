import { type JSX, Show } from "solid-js"
import { createTitle } from "./title.ts"
import "./PageHeading.css"

type Props = {
  /** The page's name, also the document's title. */
  title: string
  mark?: JSX.Element
  /** What can be done to the page as a whole. */
  actions?: JSX.Element
  /** Stands in place of the title while it is being changed. */
  editor?: JSX.Element
  note?: string
}

/** The largest type on the page; its mark and its words stand on the verticals of the rows below it. */
export function PageHeading(props: Props) {
  createTitle(() => props.title)
  return (
    <header class="page-heading">
      <span class="page-heading-mark">{props.mark}</span>
      <Show
        when={props.editor}
        fallback={
          <h1 class="page-heading-title" tabIndex={-1}>
            {props.title}
          </h1>
        }
      >
        {props.editor}
      </Show>
      <Show when={props.actions}>
        <div class="page-heading-actions">{props.actions}</div>
      </Show>
      <Show when={props.note}>
        <p class="page-heading-note">{props.note}</p>
      </Show>
    </header>
  )
}
