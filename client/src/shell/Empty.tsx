import { type JSX, Show } from "solid-js"
import { Icon, type IconName } from "../ui/Icon.tsx"
import "./Empty.css"

/** What stands where rows would be: that there are none, and what to do. */
export function Empty(props: { icon: IconName; title: string; text?: string; children?: JSX.Element }) {
  return (
    <div class="empty">
      <Icon name={props.icon} width="40" height="40" class="empty-icon" stroke-width="1" />
      <p class="empty-title">{props.title}</p>
      <Show when={props.text}>
        <p class="empty-text">{props.text}</p>
      </Show>
      {props.children}
    </div>
  )
}
