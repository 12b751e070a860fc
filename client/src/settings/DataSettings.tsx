import { createSignal, Show } from "solid-js"
import { problemText } from "../api/problem-text.ts"
import { t } from "../i18n/translate.ts"
import { me } from "../session/session.ts"
import { Button } from "../ui/Button.tsx"
import { toast } from "../ui/Toast.tsx"
import { DeleteAccount } from "./DeleteAccount.tsx"
import { downloadExport } from "./download-export.ts"
import { SettingsPage, SettingsSection } from "./SettingsPage.tsx"

export default function DataSettings() {
  const [busy, setBusy] = createSignal(false)

  async function download() {
    setBusy(true)
    try {
      await downloadExport()
    } catch (error) {
      toast({ message: problemText(error), kind: "problem" })
    }
    setBusy(false)
  }

  return (
    <SettingsPage title={t("settings.data")}>
      <SettingsSection title={t("data.exportTitle")} text={t("data.exportText")}>
        <div>
          <Button busy={busy()} onClick={download}>
            {t("data.exportSubmit")}
          </Button>
        </div>
      </SettingsSection>
      {/* Once it is asked for, the banner above every page has the date and the way back. */}
      <Show when={!me()?.deletesAt}>
        <SettingsSection title={t("data.deleteTitle")} text={t("data.deleteText")}>
          <DeleteAccount />
        </SettingsSection>
      </Show>
    </SettingsPage>
  )
}
