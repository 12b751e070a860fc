import { A, createAsync, useLocation } from "@solidjs/router"
import { createSignal, Match, Show, Switch } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { instanceIfQuick } from "../api/instance.ts"
import { language, t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { GuestOnly } from "../session/GuestOnly.tsx"
import { signIn } from "../session/sign-in.ts"
import { Form } from "../ui/forms/Form.tsx"
import type { Values } from "../ui/forms/form-state.ts"
import { NewPasswordField } from "../ui/forms/NewPasswordField.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { GuestPage } from "./GuestPage.tsx"
import { LetterSent } from "./LetterSent.tsx"
import { ResendVerification } from "./ResendVerification.tsx"

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export default function Register() {
  const [sentTo, setSentTo] = createSignal("")
  // Only whether registration is closed matters here; not knowing it is no reason to refuse.
  const facts = createAsync(instanceIfQuick)

  async function register({ name = "", email = "", password = "" }: Values) {
    const account = { name: name.trim(), email: email.trim(), password, language: language(), timeZone }
    const { status } = await unwrap(client.api.accounts.post(account))
    // Without mail there is nothing to confirm, and one who just chose a password need not type it again.
    if (status === "active") await signIn({ email: account.email, password })
    else setSentTo(account.email)
  }

  return (
    <GuestOnly>
      <Switch fallback={<RegisterForm register={register} />}>
        <Match when={sentTo()}>
          <LetterSent
            text={t("letter.verify", { email: sentTo() })}
            resend={<ResendVerification email={sentTo()} sent />}
            otherAddress={() => setSentTo("")}
          />
        </Match>
        <Match when={facts()?.registration === "closed"}>
          <GuestPage
            title={t("register.closedTitle")}
            text={t("problem.registration-closed")}
            foot={<HaveAccount />}
          />
        </Match>
      </Switch>
    </GuestOnly>
  )
}

function RegisterForm(props: { register: (values: Values) => Promise<void> }) {
  return (
    <GuestPage title={t("register.title")} foot={<HaveAccount />}>
      <Form submit={t("register.submit")} wide explain={explain} onSubmit={props.register}>
        <TextField name="name" label={t("forms.name")} autocomplete="name" />
        <TextField name="email" type="email" label={t("forms.email")} autocomplete="username" />
        <NewPasswordField name="password" label={t("forms.password")} />
        <Show when={timeZone}>
          <p class="field-hint">{t("register.detected", { timeZone: timeZone.replaceAll("_", " ") })}</p>
        </Show>
      </Form>
    </GuestPage>
  )
}

function HaveAccount() {
  const location = useLocation()
  return (
    <>
      {t("register.haveAccount")} <A href={`${paths.signIn}${location.search}`}>{t("accounts.signIn")}</A>
    </>
  )
}
