import { createSignal } from "solid-js"
import { ApiProblem } from "../api/problem.ts"
import { problemText } from "../api/problem-text.ts"
import { formatWait } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { createResendWait } from "./resend-wait.ts"
import "./ResendButton.css"

type Props = {
  label: string
  /** One was just sent: the wait has begun. */
  sent: boolean
  send: () => Promise<unknown>
}

/** Sends a letter again, no sooner than the one before could arrive, and says beside it what came of it. */
export function ResendButton(props: Props) {
  const wait = createResendWait({ first: props.sent })
  const [busy, setBusy] = createSignal(false)
  const [outcome, setOutcome] = createSignal("")

  async function send() {
    if (wait.seconds() > 0) return
    setBusy(true)
    try {
      await props.send()
      wait.begin()
      setOutcome(t("letter.resent"))
    } catch (error) {
      if (error instanceof ApiProblem && error.retryAfter) wait.begin(error.retryAfter)
      setOutcome(problemText(error))
    }
    setBusy(false)
  }

  return (
    <div class="resend-button">
      <Button busy={busy()} aria-disabled={wait.seconds() > 0 ? "true" : undefined} onClick={send}>
        {wait.seconds() > 0 ? t("letter.resendIn", { wait: formatWait(wait.seconds()) }) : props.label}
      </Button>
      <p role="status">{outcome()}</p>
    </div>
  )
}
