import { createSignal, Show } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { Form } from "../ui/forms/Form.tsx"
import { NewPasswordField } from "../ui/forms/NewPasswordField.tsx"
import { PasswordField } from "../ui/forms/PasswordField.tsx"
import { toast } from "../ui/Toast.tsx"
import { SettingsSection } from "./SettingsPage.tsx"

export function ChangePassword() {
  // A new form each time, so that nothing of a password stays on the page once it is changed.
  const [round, setRound] = createSignal(1)
  return (
    <SettingsSection title={t("password.title")} text={t("password.text")}>
      <Show when={round()} keyed>
        <Form
          submit={t("password.submit")}
          kind="plain"
          explain={explain}
          onSubmit={async ({ currentPassword = "", password = "" }) => {
            await unwrap(client.api.me.password.put({ currentPassword, password }))
            toast({ message: t("password.changed") })
            setRound(round() + 1)
          }}
        >
          {/* Tells password managers whose password this is. */}
          <input type="text" autocomplete="username" value={me()?.email} readOnly hidden />
          <PasswordField
            name="currentPassword"
            label={t("forms.currentPassword")}
            autocomplete="current-password"
          />
          <NewPasswordField name="password" label={t("forms.newPassword")} />
        </Form>
      </Show>
    </SettingsSection>
  )
}
