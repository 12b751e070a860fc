import { For, Show } from "solid-js"
import { formatDistance } from "../i18n/dates.ts"
import { t } from "../i18n/translate.ts"
import { RefusedChange } from "../shell/RefusedChange.tsx"
import { useSync } from "../sync/context.ts"
import type { Queued } from "../sync/disk.ts"
import { syncState, troublesOf } from "../sync/state.ts"
import { Button } from "../ui/Button.tsx"
import { changeText } from "./change-text.ts"
import { SettingsSection } from "./SettingsPage.tsx"

/** So many are written out. */
const SHOWN = 50

/** How this device stands with the server, and what waits: to be sent, or for the person. */
export function WaitingChanges(props: { unsaved: readonly string[] }) {
  const sync = useSync()
  const more = () => sync.waiting().length - SHOWN
  return (
    <SettingsSection title={t("device.title")} text={<StateText />}>
      <div>
        <Button onClick={sync.refresh}>{t("device.syncNow")}</Button>
      </div>
      {/* That nothing is kept stands with what is said of the storage. */}
      <For each={troublesOf(sync).filter((trouble) => trouble !== "not-kept")}>
        {(trouble) => <p>{t(`sync.${trouble}`)}</p>}
      </For>
      <Show when={sync.waiting().length > 0}>
        <p>{t("device.waiting", { count: sync.waiting().length })}</p>
        <ul class="sync-settings-list">
          <For each={sync.waiting().slice(0, SHOWN)}>
            {(entry) => (
              <li>
                <p class="sync-settings-text">{changeText(sync, entry.op)}</p>
                <p class="sync-settings-facts">{factsText(entry, props.unsaved)}</p>
              </li>
            )}
          </For>
        </ul>
        <Show when={more() > 0}>
          <p>{t("device.more", { count: more() })}</p>
        </Show>
      </Show>
      <Show when={sync.refused().length > 0}>
        <p>{t("sync.refused", { count: sync.refused().length })}</p>
        <ul class="sync-settings-list">
          <For each={sync.refused()}>{(entry) => <RefusedChange entry={entry} />}</For>
        </ul>
      </Show>
    </SettingsSection>
  )
}

function StateText() {
  const sync = useSync()
  const text = () => {
    const state = syncState(sync)
    if (state === "saving") return t("sync.saving")
    if (state !== "offline") return t(`device.${state}`)
    return sync.unanswered() > 0 ? t("sync.offlineUnsent", { count: sync.unanswered() }) : t("sync.offline")
  }
  return <span role="status">{text()}</span>
}

function factsText({ op, madeAt }: Queued, unsaved: readonly string[]) {
  return [
    formatDistance(new Date(madeAt).toISOString()),
    ...(unsaved.includes(op.id) ? [t("device.unsaved")] : []),
  ].join(" · ")
}
