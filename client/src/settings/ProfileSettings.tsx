import { Show } from "solid-js"
import { explain } from "../api/explain.ts"
import { formatTime } from "../i18n/dates.ts"
import { LANGUAGES, type Language } from "../i18n/languages.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { Choice } from "../ui/forms/Choice.tsx"
import { Form } from "../ui/forms/Form.tsx"
import { Select } from "../ui/forms/Select.tsx"
import { TextField } from "../ui/forms/TextField.tsx"
import { toast } from "../ui/Toast.tsx"
import { applyPreference, changeProfile } from "./change-profile.ts"
import { SettingsPage, SettingsSection } from "./SettingsPage.tsx"
import { timeZoneGroups } from "./time-zones.ts"

export default function ProfileSettings() {
  const languages = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label, lang: value }))
  const themes = () =>
    (["system", "light", "dark"] as const).map((value) => ({ value, label: t(`profile.theme.${value}`) }))

  return (
    <SettingsPage title={t("settings.profile")}>
      <Show when={me()}>
        {(me) => (
          <>
            <SettingsSection title={t("forms.name")}>
              <Form
                submit={t("forms.save")}
                kind="plain"
                explain={explain}
                onSubmit={async ({ name = "" }) => {
                  await changeProfile({ name: name.trim() })
                  toast({ message: t("forms.saved") })
                }}
              >
                <TextField name="name" label={t("profile.nameLabel")} autocomplete="name" value={me().name} />
              </Form>
            </SettingsSection>
            <SettingsSection title={t("profile.appearance")}>
              <Choice
                name="theme"
                label={t("profile.theme")}
                options={themes()}
                value={me().theme}
                onChange={(theme) => applyPreference({ theme })}
              />
            </SettingsSection>
            <SettingsSection title={t("profile.region")}>
              <Select
                name="language"
                label={t("forms.language")}
                options={languages}
                value={me().language}
                onChange={(language) => applyPreference({ language: language as Language })}
              />
              <Select
                name="timeZone"
                label={t("forms.timeZone")}
                hint={t("profile.timeZoneNow", { time: formatTime(me().timeZone) })}
                options={timeZoneGroups(me().timeZone)}
                value={me().timeZone}
                onChange={(timeZone) => applyPreference({ timeZone })}
              />
            </SettingsSection>
          </>
        )}
      </Show>
    </SettingsPage>
  )
}
