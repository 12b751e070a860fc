import { createResource, Show } from "solid-js"
import { install, installOffer } from "../device/installation.ts"
import { persist } from "../device/persistence.ts"
import { formatSize } from "../i18n/sizes.ts"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { Button } from "../ui/Button.tsx"
import { toast } from "../ui/Toast.tsx"
import { SettingsSection } from "./SettingsPage.tsx"
import { readStorage, type Stored } from "./storage-facts.ts"

/** What this browser keeps of Docket, whether it may clear it, and how to install the page. */
export function DeviceStorage() {
  const sync = useSync()
  const [stored, { refetch }] = createResource(readStorage)
  return (
    <>
      <SettingsSection title={t("device.storageTitle")}>
        <Show when={sync.durable()} fallback={<p>{t("sync.not-kept")}</p>}>
          {/* Without Suspense: the page stands, and this fills in. */}
          <Show when={stored.latest} fallback={<p>{t("forms.working")}</p>}>
            {(stored) => <StorageFacts stored={stored()} onAsked={refetch} />}
          </Show>
        </Show>
      </SettingsSection>
      <Install />
    </>
  )
}

function StorageFacts(props: { stored: Stored; onAsked: () => void }) {
  const usedText = () => {
    const { usage, quota } = props.stored
    if (usage === undefined || quota === undefined) return t("device.usedUnknown")
    return t("device.used", { used: formatSize(usage), quota: formatSize(quota) })
  }
  async function ask() {
    if (!(await persist())) toast({ message: t("device.persistRefused") })
    props.onAsked()
  }
  return (
    <>
      <p>{usedText()}</p>
      <p>{t(props.stored.opensOffline ? "device.opensOffline" : "device.needsNetwork")}</p>
      <p>{t(props.stored.persisted ? "device.persisted" : "device.notPersisted")}</p>
      <Show when={!props.stored.persisted}>
        <div>
          <Button onClick={ask}>{t("device.persist")}</Button>
        </div>
      </Show>
    </>
  )
}

/** On iOS and iPadOS the page cannot ask; a page there knows whether it was opened from the home screen. */
function Install() {
  const byShare = () => "standalone" in navigator && !navigator.standalone && navigator.maxTouchPoints > 1
  return (
    <Show when={installOffer() || byShare()}>
      <SettingsSection title={t("device.installTitle")} text={t("device.installText")}>
        <Show when={installOffer()} fallback={<p>{t("device.installByShare")}</p>}>
          <div>
            <Button onClick={install}>{t("device.install")}</Button>
          </div>
        </Show>
      </SettingsSection>
    </Show>
  )
}
