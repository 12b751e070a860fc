import { createEffect, createSignal, Match, onCleanup, Show, Suspense, Switch } from "solid-js"
import { lazyWithTexts } from "../i18n/lazy-with-texts.ts"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { syncState } from "../sync/state.ts"
import { Icon, type IconName } from "../ui/Icon.tsx"
import { laterIcons } from "../ui/later-icons.ts"
import "./SyncMark.css"

const SyncProblems = lazyWithTexts(() => import("./SyncProblems.tsx"))

/** Milliseconds that saving may take before it is worth a mark. */
const PATIENCE = 700

/** Silent when all is well; else whether it is saving, offline (with how much waits), or needs the person. */
export default function SyncMark() {
  const sync = useSync()
  const [slow, setSlow] = createSignal(false)
  const [shown, setShown] = createSignal(false)
  createEffect(() => {
    if (syncState(sync) !== "saving") return setSlow(false)
    const timer = setTimeout(() => setSlow(true), PATIENCE)
    onCleanup(() => clearTimeout(timer))
  })
  const offlineText = () =>
    sync.unanswered() > 0 ? t("sync.offlineUnsent", { count: sync.unanswered() }) : t("sync.offline")
  return (
    <>
      <Show when={syncState(sync) !== "signed-out"}>
        <Switch>
          <Match when={syncState(sync) === "saving" && slow()}>
            <span class="sync-mark-saving" title={t("sync.saving")} />
            <span class="visually-hidden">{t("sync.saving")}</span>
          </Match>
          <Match when={syncState(sync) === "offline"}>
            <MarkButton icon={laterIcons.offline} text={offlineText()} onClick={sync.refresh} />
          </Match>
          <Match when={syncState(sync) === "problem"}>
            <MarkButton
              icon={laterIcons.error}
              text={t("sync.problem")}
              problem
              onClick={() => setShown(true)}
            />
          </Match>
        </Switch>
      </Show>
      <Show when={shown()}>
        <Suspense>
          <SyncProblems onClose={() => setShown(false)} />
        </Suspense>
      </Show>
    </>
  )
}

function MarkButton(props: { icon: IconName; text: string; problem?: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      class="sync-mark-button"
      classList={{ "sync-mark-problem": props.problem }}
      title={props.text}
      onClick={() => props.onClick()}
    >
      <Icon name={props.icon} />
      <span class="visually-hidden">{props.text}</span>
    </button>
  )
}
