import { t } from "../i18n/translate.ts"
import { ChangeEmail } from "./ChangeEmail.tsx"
import { ChangePassword } from "./ChangePassword.tsx"
import { SettingsPage } from "./SettingsPage.tsx"
import { SignedInDevices } from "./SignedInDevices.tsx"

export default function SecuritySettings() {
  return (
    <SettingsPage title={t("settings.security")}>
      <ChangePassword />
      <ChangeEmail />
      <SignedInDevices />
    </SettingsPage>
  )
}
