import { type JSX, Show } from "solid-js"
import { createTitle } from "../shell/title.ts"
import "./GuestPage.css"
import { GuestHead } from "./GuestHead.tsx"

type Props = { title: string; text?: JSX.Element; children?: JSX.Element; foot?: JSX.Element }

/** The frame of the pages before one is signed in: one column with a title and what is to be done. */
export function GuestPage(props: Props) {
  createTitle(() => props.title)
  return (
    <div class="guest-page">
      <GuestHead />
      <main class="guest-page-main">
        <h1 class="guest-page-title">{props.title}</h1>
        <Show when={props.text}>
          <p class="guest-page-text">{props.text}</p>
        </Show>
        {props.children}
        <Show when={props.foot}>
          <div class="guest-page-foot">{props.foot}</div>
        </Show>
      </main>
    </div>
  )
}
