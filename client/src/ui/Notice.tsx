import { type JSX, Show } from "solid-js"
import "./Notice.css"

type Props = { title: string; text: string; action?: JSX.Element }

/** A page that has one thing to say, and perhaps one thing to do. */
export function Notice(props: Props) {
  return (
    <main class="notice">
      <h1 class="notice-title">{props.title}</h1>
      <p class="notice-text">{props.text}</p>
      <Show when={props.action}>
        <div class="notice-action">{props.action}</div>
      </Show>
    </main>
  )
}
