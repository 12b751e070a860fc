import { Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { useSync } from "../sync/context.ts"
import { QUEUE_VERSION, type Queued } from "../sync/disk.ts"
import { Button } from "../ui/Button.tsx"
import { reasonText } from "./refused-text.ts"
import "./RefusedChange.css"

/** A change that waits for the person: to try again, to copy, to discard. */
export function RefusedChange(props: { entry: Queued }) {
  const sync = useSync()
  const discard = () => confirm(t("sync.discardSure")) && sync.discard([props.entry])
  return (
    <li class="refused-change">
      <p class="refused-change-wanted">{wantedText(props.entry)}</p>
      <p class="refused-change-reason">{reasonText(props.entry)}</p>
      <div class="refused-change-actions">
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
