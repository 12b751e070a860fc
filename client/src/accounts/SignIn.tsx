import { A, useLocation } from "@solidjs/router"
import { createSignal, Show } from "solid-js"
import { explain } from "../api/explain.ts"
import { ApiProblem } from "../api/problem.ts"
import { t } from "../i18n/translate.ts"
import { paths } from "../paths.ts"
import { GuestOnly } from "../session/GuestOnly.tsx"
import { session } from "../session/session.ts"
import { signIn } from "../session/sign-in.ts"
import { Form } from "../ui/forms/Form.tsx"
import { PasswordField } from "../ui/forms/PasswordField.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { GuestPage } from "./GuestPage.tsx"
import { ResendVerification } from "./ResendVerification.tsx"

export default function SignIn() {
  const location = useLocation()
  const [email, setEmail] = createSignal("")
  const ended = () => {
    const current = session()
    return current.status === "signed-out" && current.reason === "ended"
  }
  return (
    <GuestOnly>
      <GuestPage
        title={t("signIn.title")}
        text={ended() ? t("signIn.ended") : undefined}
        foot={
          <>
            {t("signIn.noAccount")}{" "}
            <A href={`${paths.register}${location.search}`}>{t("accounts.register")}</A>
          </>
        }
      >
        <Form
          submit={t("signIn.submit")}
          wide
          explain={explain}
          onSubmit={async ({ email = "", password = "" }) => {
            setEmail(email)
            await signIn({ email, password })
          }}
          wayOn={(failure) => (
            <Show when={failure instanceof ApiProblem && failure.slug === "email-not-verified"}>
              <ResendVerification email={email()} />
            </Show>
          )}
        >
          <TextField name="email" type="email" label={t("forms.email")} autocomplete="username" />
          <PasswordField name="password" label={t("forms.password")} autocomplete="current-password" />
        </Form>
        <A href={paths.forgot}>{t("signIn.forgot")}</A>
      </GuestPage>
    </GuestOnly>
  )
}
