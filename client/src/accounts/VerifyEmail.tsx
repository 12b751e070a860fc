import { createSignal, Match, Show, Switch } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { me } from "../session/session.ts"
import { refreshMe } from "../session/sign-in.ts"
import { ButtonLink } from "../ui/ButtonLink.tsx"
import { Form } from "../ui/forms/Form.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { GuestPage } from "./GuestPage.tsx"
import { LetterSent } from "./LetterSent.tsx"
import { LinkMissing } from "./LinkMissing.tsx"
import { createLetterToken, isDeadLink } from "./letter-token.ts"
import { ResendVerification } from "./ResendVerification.tsx"

/** Where the links of the letters that confirm an address lead. Only a person's click uses the token. */
export default function VerifyEmail() {
  const link = createLetterToken()
  return (
    <Show when={link()} keyed fallback={<LinkMissing />}>
      {({ token }) => <Confirm token={token} />}
    </Show>
  )
}

function Confirm(props: { token: string }) {
  const [state, setState] = createSignal<"asked" | "done" | "expired">("asked")

  async function confirm() {
    try {
      await unwrap(client.api["email-verifications"].confirmation.post({ token: props.token }))
      // The letter may have been for a change of the address of who is signed in here.
      if (me()) await refreshMe()
      setState("done")
    } catch (error) {
      if (!isDeadLink(error)) throw error
      setState("expired")
    }
  }

  return (
    <Switch
      fallback={
        <GuestPage title={t("verify.title")} text={t("verify.text")}>
          <Form submit={t("verify.submit")} wide explain={explain} onSubmit={confirm}>
            {null}
          </Form>
        </GuestPage>
      }
    >
      <Match when={state() === "done"}>
        <GuestPage
          title={t("verify.doneTitle")}
          text={me() ? t("verify.doneSignedIn") : t("verify.doneText")}
        >
          <ButtonLink kind="primary" wide href={me() ? paths.inbox : paths.signIn}>
            {me() ? t("verify.goOn") : t("accounts.signIn")}
          </ButtonLink>
        </GuestPage>
      </Match>
      <Match when={state() === "expired"}>
        <Expired />
      </Match>
    </Switch>
  )
}

function Expired() {
  const [sentTo, setSentTo] = createSignal("")
  return (
    <Switch
      fallback={
        <GuestPage title={t("link.expiredTitle")} text={t("link.expiredText")}>
          <Form
            submit={t("forgot.submit")}
            wide
            explain={explain}
            onSubmit={async ({ email = "" }) => {
              await unwrap(client.api["email-verifications"].post({ email: email.trim() }))
              setSentTo(email.trim())
            }}
          >
            <TextField name="email" type="email" label={t("forms.email")} autocomplete="username" />
          </Form>
        </GuestPage>
      }
    >
      <Match when={sentTo()}>
        <LetterSent
          text={t("letter.verify", { email: sentTo() })}
          resend={<ResendVerification email={sentTo()} sent />}
          otherAddress={() => setSentTo("")}
        />
      </Match>
    </Switch>
  )
}
