import { createSignal, onCleanup } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { DeviceStorage } from "./DeviceStorage.tsx"
import { SettingsPage } from "./SettingsPage.tsx"
import { SyncSupport } from "./SyncSupport.tsx"
import { WaitingChanges } from "./WaitingChanges.tsx"
import "./SyncSettings.css"

/** Milliseconds between looks at what is not reactive. */
const LOOK_EVERY = 1_000

/** How this device stands: what waits, what is stored, and what someone who helps may want to know. */
export default function SyncSettings() {
  const sync = useSync()
  const [inspected, setInspected] = createSignal(sync.inspect(), { equals: false })
  const timer = setInterval(() => setInspected(sync.inspect()), LOOK_EVERY)
  onCleanup(() => clearInterval(timer))
  return (
    <SettingsPage title={t("settings.sync")}>
      <WaitingChanges unsaved={inspected()?.unsaved ?? []} />
      <DeviceStorage />
      <SyncSupport inspected={inspected()} />
    </SettingsPage>
  )
}
