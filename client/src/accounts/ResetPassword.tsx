import { createSignal, Match, Show, Switch } from "solid-js"
import { forget } from "../api/access-token.ts"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { ButtonLink } from "../ui/ButtonLink.tsx"
import { Form } from "../ui/forms/Form.tsx"
import { NewPasswordField } from "../ui/forms/NewPasswordField.tsx"
import { GuestPage } from "./GuestPage.tsx"
import { LinkMissing } from "./LinkMissing.tsx"
import { createLetterToken, isDeadLink } from "./letter-token.ts"

/** Where the link of the letter that resets a password leads. */
export default function ResetPassword() {
  const link = createLetterToken()
  return (
    <Show when={link()} keyed fallback={<LinkMissing />}>
      {({ token }) => <ChoosePassword token={token} />}
    </Show>
  )
}

function ChoosePassword(props: { token: string }) {
  const [state, setState] = createSignal<"asked" | "done" | "expired">("asked")

  async function reset(password: string) {
    try {
      await unwrap(client.api["password-resets"].confirmation.post({ token: props.token, password }))
      // Every session is ended, this browser's too if it had one.
      forget()
      setState("done")
    } catch (error) {
      if (!isDeadLink(error)) throw error
      setState("expired")
    }
  }

  return (
    <Switch
      fallback={
        <GuestPage title={t("reset.title")} text={t("reset.text")}>
          <Form
            submit={t("reset.submit")}
            wide
            explain={explain}
            onSubmit={({ password = "" }) => reset(password)}
          >
            <NewPasswordField name="password" label={t("forms.newPassword")} />
          </Form>
        </GuestPage>
      }
    >
      <Match when={state() === "done"}>
        <GuestPage title={t("reset.doneTitle")} text={t("reset.doneText")}>
          <ButtonLink kind="primary" wide href={paths.signIn}>
            {t("accounts.signIn")}
          </ButtonLink>
        </GuestPage>
      </Match>
      <Match when={state() === "expired"}>
        <GuestPage title={t("link.expiredTitle")} text={t("link.expiredText")}>
          <ButtonLink kind="primary" wide href={paths.forgot}>
            {t("forgot.submit")}
          </ButtonLink>
        </GuestPage>
      </Match>
    </Switch>
  )
}
