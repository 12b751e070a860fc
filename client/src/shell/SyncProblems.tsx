import { For, Match, Show, Switch } from "solid-js"
import { reloadNewest } from "../device/worker.ts"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { QUEUE_VERSION } from "../sync/disk.ts"
import { type Trouble, troublesOf } from "../sync/state.ts"

import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { RefusedChange } from "./RefusedChange.tsx"
import "./SyncProblems.css"

/** What keeps changes from being saved, and the changes that wait for a decision: to try again, to copy, to discard. */
export default function SyncProblems(props: { onClose: () => void }) {
  const sync = useSync()
  const canBeSent = () => sync.refused().filter(({ version }) => version <= QUEUE_VERSION)
  return (
    <Dialog from="centre" label={t("sync.title")} onClose={() => props.onClose()}>
      <div class="sync-problems">
        <h2>{t("sync.title")}</h2>
        <Show when={troublesOf(sync).length + sync.refused().length === 0}>
          <p>{t("sync.none")}</p>
        </Show>
        <For each={troublesOf(sync)}>
          {(trouble) => (
            <div class="sync-problems-trouble">
              <p>{t(`sync.${trouble}`)}</p>
              <TroubleAction trouble={trouble} />
            </div>
          )}
        </For>
        <Show when={sync.refused().length > 0}>
          <p>{t("sync.refused", { count: sync.refused().length })}</p>
          <ul class="sync-problems-list">
            <For each={sync.refused()}>{(entry) => <RefusedChange entry={entry} />}</For>
          </ul>
        </Show>
        <div class="sync-problems-actions">
          <Show when={canBeSent().length > 1}>
            <Button onClick={() => sync.tryAgain(canBeSent())}>{t("sync.tryAllAgain")}</Button>
          </Show>
          <Button kind="primary" onClick={() => props.onClose()}>
            {t("shell.close")}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function TroubleAction(props: { trouble: Trouble }) {
  const sync = useSync()
  return (
    <Switch>
      <Match when={props.trouble === "disk" || props.trouble === "failing"}>
        <Button kind="quiet" onClick={sync.refresh}>
          {t("forms.tryAgain")}
        </Button>
      </Match>
      <Match when={props.trouble === "outdated"}>
        <Button kind="quiet" onClick={reloadNewest}>
          {t("shell.reload")}
        </Button>
      </Match>
      <Match when={props.trouble === "mended"}>
        <Button kind="quiet" onClick={sync.forgetMended}>
          {t("shell.dismiss")}
        </Button>
      </Match>
    </Switch>
  )
}
