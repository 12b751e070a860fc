import { type JSX, Show, splitProps } from "solid-js"
import "./Button.css"

type Props = {
  /** `primary` once a page at most; `quiet` for what stands in a row of others; `danger` for what destroys. */
  kind?: "primary" | "plain" | "quiet" | "danger"
  /** Fills the width it stands in. */
  wide?: boolean
  /** Shows that what it started is under way, and takes no second press; the words stay. */
  busy?: boolean
} & JSX.ButtonHTMLAttributes<HTMLButtonElement>

export function Button(props: Props) {
  const [own, rest] = splitProps(props, ["kind", "wide", "busy", "class", "children", "onClick"])
  return (
    <button
      type="button"
      {...rest}
      class={`button ${own.class ?? ""}`}
      classList={{ [`button-${own.kind ?? "plain"}`]: true, "button-wide": own.wide }}
      aria-busy={own.busy ? "true" : undefined}
      aria-disabled={own.busy ? "true" : undefined}
      onClick={(event) => {
        if (own.busy) event.preventDefault()
        else if (typeof own.onClick === "function") own.onClick(event)
      }}
    >
      <Show when={own.busy}>
        <span class="button-spinner" />
      </Show>
      {own.children}
    </button>
  )
}
