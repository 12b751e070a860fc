import { createSignal, Show } from "solid-js"
import { client, unwrap } from "../api/client.ts"
import { explain } from "../api/explain.ts"
import { t } from "../i18n/translate.ts"
import { setMe } from "../session/session.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { Form } from "../ui/forms/Form.tsx"
import { PasswordField } from "../ui/forms/PasswordField.tsx"
import "./DeleteAccount.css"

export function DeleteAccount() {
  const [open, setOpen] = createSignal(false)
  return (
    <div>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t("data.deleteOpen")}
      </Button>
      <Show when={open()}>
        <Dialog label={t("data.deleteTitle")} from="centre" onClose={() => setOpen(false)}>
          <div class="delete-account">
            <h2 class="delete-account-title">{t("data.deleteTitle")}</h2>
            <p>{t("data.deleteConfirm")}</p>
            <Form
              submit={t("data.deleteSubmit")}
              kind="danger"
              explain={explain}
              onSubmit={async ({ password = "" }) => {
                setMe(await unwrap(client.api.me.deletion.put({ password })))
              }}
              beside={<Button onClick={() => setOpen(false)}>{t("forms.cancel")}</Button>}
            >
              <PasswordField
                name="password"
                label={t("forms.currentPassword")}
                autocomplete="current-password"
              />
            </Form>
          </div>
        </Dialog>
      </Show>
    </div>
  )
}
