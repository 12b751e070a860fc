import { For } from "solid-js"
import { type Key, t } from "../i18n/translate.ts"
import { Button } from "../ui/Button.tsx"
import { Dialog } from "../ui/Dialog.tsx"
import type { ShortcutsState } from "./shortcuts.ts"
import "./Shortcuts.css"

/** Keys as they are printed on keyboards; several that are pressed one after another stand side by side. */
const GROUPS = [
  {
    title: "shortcuts.anywhere",
    keys: [
      ["shortcuts.add", ["N"]],
      ["shortcuts.search", ["/"]],
      ["shortcuts.undo", ["Ctrl", "Z"]],
      ["shortcuts.inbox", ["G", "I"]],
      ["shortcuts.today", ["G", "T"]],
      ["shortcuts.upcoming", ["G", "U"]],
      ["shortcuts.this", ["?"]],
    ],
  },
  {
    title: "shortcuts.onTodo",
    keys: [
      ["shortcuts.step", ["↑", "↓"]],
      ["shortcuts.complete", ["shortcuts.space"]],
      ["shortcuts.rename", ["Enter"]],
      ["shortcuts.details", ["→"]],
      ["shortcuts.move", ["Alt", "↑", "↓"]],
      ["shortcuts.delete", ["Delete"]],
    ],
  },
] as const satisfies { title: Key; keys: readonly (readonly [Key, readonly string[]])[] }[]

/** What the keys do, and the switch for those that are single. */
export default function Shortcuts(props: { shortcuts: ShortcutsState }) {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform)
  const name = (key: string) =>
    key === "shortcuts.space" ? t("shortcuts.space") : mac ? ({ Ctrl: "⌘", Alt: "⌥" }[key] ?? key) : key
  return (
    <Dialog from="centre" label={t("shell.shortcuts")} onClose={props.shortcuts.hide}>
      <div class="shortcuts">
        <h2 class="shortcuts-title">{t("shell.shortcuts")}</h2>
        <For each={GROUPS}>
          {(group) => (
            <section>
              <h3 class="shortcuts-group">{t(group.title)}</h3>
              <dl class="shortcuts-keys">
                <For each={group.keys}>
                  {([text, keys]) => (
                    <div class="shortcuts-row">
                      <dt>{t(text)}</dt>
                      <dd>
                        <For each={keys}>{(key) => <kbd class="shortcuts-key">{name(key)}</kbd>}</For>
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
        <label class="shortcuts-switch">
          <input
            type="checkbox"
            checked={props.shortcuts.enabled()}
            onChange={(event) => props.shortcuts.setEnabled(event.currentTarget.checked)}
          />
          {t("shortcuts.singleKeys")}
        </label>
        <form method="dialog">
          <Button type="submit" wide>
            {t("shell.close")}
          </Button>
        </form>
      </div>
    </Dialog>
  )
}
