import { createUniqueId, For } from "solid-js"
import { t } from "../i18n/translate.ts"
import { PRIORITIES, type Priority } from "../sync/rows.ts"
import { PriorityMark } from "./TodoCheck.tsx"
import "./PriorityField.css"

/** One of four, side by side; the arrow keys go between them, as in any set of radio buttons. */
export function PriorityField(props: { priority: Priority; onChange: (priority: Priority) => void }) {
  const name = createUniqueId()
  return (
    <fieldset class="priority-field">
      <legend class="priority-field-title">{t("todos.priority")}</legend>
      <div class="priority-field-choices">
        <For each={PRIORITIES}>
          {(priority) => (
            <label class="priority-field-choice">
              <input
                class="visually-hidden"
                type="radio"
                name={name}
                value={priority}
                checked={props.priority === priority}
                onChange={() => props.onChange(priority)}
              />
              <PriorityMark priority={priority} />
              {t(`todos.priority.${priority}`)}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}
