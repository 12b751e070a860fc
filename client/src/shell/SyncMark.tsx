import { createEffect, createSignal, Match, onCleanup, Switch } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { Icon } from "../ui/Icon.tsx"
import "./SyncMark.css"

/** Milliseconds that saving may take before it is worth a mark. */
const PATIENCE = 700

/** Silent when all is well; else whether it is saving, offline (with how much waits), or could not be read. */
export function SyncMark() {
  const sync = useSync()
  const [slow, setSlow] = createSignal(false)
  createEffect(() => {
    if (sync.state() !== "saving") return setSlow(false)
    const timer = setTimeout(() => setSlow(true), PATIENCE)
    onCleanup(() => clearTimeout(timer))
  })
  const offlineText = () =>
    sync.unanswered() > 0 ? t("shell.offlineUnsent", { count: sync.unanswered() }) : t("shell.offline")
  return (
    <div class="sync-mark" role="status">
      <Switch>
        <Match when={sync.state() === "saving" && slow()}>
          <span class="sync-mark-saving" title={t("shell.saving")} />
          <span class="visually-hidden">{t("shell.saving")}</span>
        </Match>
        <Match when={sync.state() === "offline"}>
          <button
            type="button"
            class="sync-mark-button"
            title={offlineText()}
            onClick={() => void sync.refresh()}
          >
            <Icon name="offline" />
            <span class="visually-hidden">{offlineText()}</span>
          </button>
        </Match>
        <Match when={sync.state() === "problem"}>
          <button
            type="button"
            class="sync-mark-button sync-mark-problem"
            title={t("shell.notRead")}
            onClick={() => void sync.refresh()}
          >
            <Icon name="error" />
            <span class="visually-hidden">{t("shell.notRead")}</span>
          </button>
        </Match>
      </Switch>
    </div>
  )
}
