import { createSignal, Show } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { t } from "../i18n/translate.ts"
import { me, setMe } from "../session/session.ts"
import { announce } from "../ui/announce.tsx"
import { Form } from "../ui/forms/Form.tsx"
import { PasswordField } from "../ui/forms/PasswordField.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { toast } from "../ui/Toast.tsx"
import { SettingsSection } from "./SettingsPage.tsx"

export function ChangeEmail() {
  const [round, setRound] = createSignal(1)
  return (
    <SettingsSection title={t("email.title")} text={t("email.current", { email: me()?.email ?? "" })}>
      <Show when={me()?.pendingEmail}>{(email) => <p>{t("email.pending", { email: email() })}</p>}</Show>
      <Show when={round()} keyed>
        <Form
          submit={t("email.submit")}
          kind="plain"
          explain={explain}
          onSubmit={async ({ email = "", password = "" }) => {
            const changed = await unwrap(client.api.me.email.put({ email: email.trim(), password }))
            setMe(changed)
            setRound(round() + 1)
            const { email: now, pendingEmail } = changed
            if (pendingEmail) announce(t("email.pending", { email: pendingEmail }))
            // Without mail there is nothing to confirm.
            else toast({ message: t("email.changed", { email: now }) })
          }}
        >
          <TextField name="email" type="email" label={t("email.new")} autocomplete="email" />
          <PasswordField name="password" label={t("forms.currentPassword")} autocomplete="current-password" />
        </Form>
      </Show>
    </SettingsSection>
  )
}
