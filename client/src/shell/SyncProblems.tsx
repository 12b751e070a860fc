import { For, Match, Show, Switch } from "solid-js"
import { reloadNewest } from "../device/worker.ts"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import type { Queued } from "../sync/disk.ts"
import { QUEUE_VERSION } from "../sync/disk.ts"
import { type Trouble, troublesOf } from "../sync/state.ts"

import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import { reasonText } from "./refused-text.ts"
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

function RefusedChange(props: { entry: Queued }) {
  const sync = useSync()
  const discard = () => confirm(t("sync.discardSure")) && sync.discard([props.entry])
  return (
    <li class="sync-problems-change">
      <p class="sync-problems-wanted">{wantedText(props.entry)}</p>
      <p class="sync-problems-reason">{reasonText(props.entry)}</p>
      <div class="sync-problems-actions">
        <Show when={props.entry.version <= QUEUE_VERSION}>
          <Button kind="quiet" onClick={() => sync.tryAgain([props.entry])}>
            {t("forms.tryAgain")}
          </Button>
        </Show>
        <Button
          kind="quiet"
          onClick={() => void navigator.clipboard.writeText(wantedText(props.entry)).catch(console.warn)}
        >
          {t("sync.copy")}
        </Button>
        <Button kind="quiet" onClick={discard}>
          {t("sync.discard")}
        </Button>
      </div>
    </li>
  )
}

/** What a change wanted: the words that were typed, else its fields as they are named. */
function wantedText({ op }: Queued): string {
  const fields: Record<string, unknown> = op?.fields ?? {}
  const typed = [fields.title, fields.name, fields.notes].filter((text) => typeof text === "string" && text)
  if (typed.length > 0) return typed.join("\n")
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value ?? "–"}`)
    .join("\n")
}
