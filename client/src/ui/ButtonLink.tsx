import { A } from "@solidjs/router"
import type { JSX } from "solid-js"
import "./Button.css"

type Props = { href: string; kind?: "primary" | "plain" | "quiet"; wide?: boolean; children: JSX.Element }

/** What leads to another page and looks like a button. */
export function ButtonLink(props: Props) {
  return (
    <A
      href={props.href}
      class={`button button-${props.kind ?? "plain"}`}
      classList={{ "button-wide": props.wide }}
      activeClass=""
    >
      {props.children}
    </A>
  )
}
