import { A, createAsync } from "@solidjs/router"
import { createSignal, Match, Switch } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { instanceIfQuick } from "../api/instance.ts"
import { ApiProblem } from "../api/problem.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { Form } from "../ui/forms/Form.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { GuestPage } from "./GuestPage.tsx"
import { LetterSent } from "./LetterSent.tsx"
import { ResendButton } from "./ResendButton.tsx"
import "./ForgotPassword.css"

/** What whoever runs an instance without mail types (ops/reset-link.ts). */
const OPERATOR_COMMAND = "bun run reset-link ADDRESS"

export default function ForgotPassword() {
  const [sentTo, setSentTo] = createSignal("")
  const [refused, setRefused] = createSignal(false)
  const facts = createAsync(instanceIfQuick)
  const askForLetter = (email: string) => unwrap(client.api["password-resets"].post({ email }))

  async function submit(email: string) {
    try {
      await askForLetter(email)
      setSentTo(email)
    } catch (error) {
      if (!(error instanceof ApiProblem && error.slug === "mail-not-configured")) throw error
      setRefused(true)
    }
  }

  return (
    <Switch fallback={<AskForAddress submit={submit} />}>
      <Match when={sentTo()}>
        <LetterSent
          text={t("letter.reset", { email: sentTo() })}
          resend={<ResendButton label={t("letter.resend")} sent send={() => askForLetter(sentTo())} />}
          otherAddress={() => setSentTo("")}
        />
      </Match>
      <Match when={refused() || facts()?.mail === false}>
        <GuestPage
          title={t("forgot.noMailTitle")}
          text={t("forgot.noMailText")}
          foot={<A href={paths.signIn}>{t("forgot.back")}</A>}
        >
          <code class="forgot-password-command">{OPERATOR_COMMAND}</code>
        </GuestPage>
      </Match>
    </Switch>
  )
}

function AskForAddress(props: { submit: (email: string) => Promise<void> }) {
  return (
    <GuestPage
      title={t("forgot.title")}
      text={t("forgot.text")}
      foot={<A href={paths.signIn}>{t("forgot.back")}</A>}
    >
      <Form
        submit={t("forgot.submit")}
        wide
        explain={explain}
        onSubmit={({ email = "" }) => props.submit(email.trim())}
      >
        <TextField name="email" type="email" label={t("forms.email")} autocomplete="username" />
      </Form>
    </GuestPage>
  )
}
