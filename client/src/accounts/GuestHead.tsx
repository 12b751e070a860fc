import { A } from "@solidjs/router"
import { paths } from "../paths.ts"
import "./GuestHead.css"
import { LanguageChoice } from "./LanguageChoice.tsx"

/** What stands above every page before one is signed in: whose page it is, and its language. */
export function GuestHead() {
  return (
    <header class="guest-head">
      <A class="guest-head-mark" href={paths.welcome}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        Docket
      </A>
      <LanguageChoice />
    </header>
  )
}
