import { A } from "@solidjs/router"
import { createSignal, onMount, Show, Suspense } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { paths } from "../paths.ts"
import { session } from "../session/session.ts"
import "./GuestHead.css"
import { LanguageChoice } from "./LanguageChoice.tsx"

const DeletedAccount = lazyWithTexts(() => import("./DeletedAccount.tsx"))

/** What stands above every page before one is signed in: whose page it is, and its language. */
export function GuestHead() {
  const [holdsCopy, setHoldsCopy] = createSignal(false)
  /** Whether there was a session here that may have gone with its account. */
  const mayBeDeleted = () => {
    const current = session()
    if (current.status !== "signed-out" || current.reason === "left") return false
    return current.reason === "ended" || holdsCopy()
  }
  // Not every browser that keeps databases tells of them.
  onMount(async () => setHoldsCopy(((await indexedDB.databases?.().catch(() => [])) ?? []).length > 0))
  return (
    <header class="guest-head">
      <A class="guest-head-mark" href={paths.welcome}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        Docket
      </A>
      <LanguageChoice />
      <Show when={mayBeDeleted()}>
        <Suspense>
          <DeletedAccount />
        </Suspense>
      </Show>
    </header>
  )
}
