import { For } from "solid-js"
import { t } from "../i18n/translate.ts"
import { Icon } from "../ui/Icon.tsx"
import "./SampleList.css"

/** A picture of a list, so that one sees what this is. Nothing in it can be used or is read out. */
export function SampleList() {
  const rows = () => [
    { title: t("welcome.sample1"), done: true },
    { title: t("welcome.sample2"), done: false, mark: "high" },
    { title: t("welcome.sample3"), done: false },
    { title: t("welcome.sample4"), done: false, mark: "low" },
  ]
  return (
    <div class="sample-list" aria-hidden="true">
      <p class="sample-list-name">{t("welcome.sampleList")}</p>
      <For each={rows()}>
        {(row) => (
          <p class="sample-list-row" classList={{ "sample-list-done": row.done }}>
            <span class={`sample-list-check sample-list-${row.mark ?? "none"}`}>
              {row.done && <Icon name="check" width={14} height={14} />}
            </span>
            <span>{row.title}</span>
          </p>
        )}
      </For>
    </div>
  )
}
