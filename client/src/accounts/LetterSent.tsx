import { type JSX, onMount, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { GuestPage } from "./GuestPage.tsx"
import "./LetterSent.css"

type Props = { text: string; resend?: JSX.Element; otherAddress: () => void }

/** A letter is on its way: where to look, and what to do if it doesn't come. */
export function LetterSent(props: Props) {
  let text!: HTMLParagraphElement
  // What took the form's place is read out, and the next Tab goes on from here.
  onMount(() => text.focus())
  return (
    <GuestPage title={t("letter.title")}>
      <p ref={text} tabIndex={-1} class="letter-sent-text">
        {props.text}
      </p>
      <p class="letter-sent-missing">{t("letter.missing")}</p>
      <div class="letter-sent-actions">
        <Show when={props.resend}>{props.resend}</Show>
        <Button kind="quiet" onClick={props.otherAddress}>
          {t("letter.otherAddress")}
        </Button>
      </div>
    </GuestPage>
  )
}
