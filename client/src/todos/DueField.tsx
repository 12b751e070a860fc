import { createUniqueId, For, Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import type { Todo } from "../sync/rows.ts"
import { Icon } from "../ui/Icon.tsx"
import { laterIcons } from "../ui/later-icons.ts"
import { Popover } from "../ui/Popover.tsx"
import { DueText } from "./DueText.tsx"
import { addDays, nextMonday } from "./due.ts"
import { formatDate } from "./due-text.ts"
import { useToday } from "./today.ts"
import "./DueField.css"

/** When a todo is due: the days people mean most, and the browser's own calendar for the others. */
export function DueField(props: { todo: Todo; onChange: (date: string | null) => void }) {
  const id = createUniqueId()
  const dateId = createUniqueId()
  const today = useToday()
  let button!: HTMLButtonElement
  let popover: HTMLElement | undefined
  const choices = () => [
    { label: t("todos.today"), date: today() },
    { label: t("todos.tomorrow"), date: addDays(today(), 1) },
    { label: t("todos.nextWeek"), date: nextMonday(today()) },
  ]
  const choose = (date: string | null) => {
    popover?.hidePopover()
    if (date !== props.todo.dueDate) props.onChange(date)
  }
  return (
    <div class="due-field">
      <button ref={button} type="button" class="due-field-button" popoverTarget={id}>
        <Icon name={laterIcons.calendar} class="due-field-icon" />
        <span class="visually-hidden">{t("todos.due")}: </span>
        <Show when={props.todo.dueDate} fallback={<span class="due-field-none">{t("todos.noDue")}</span>}>
          {(date) => <DueText date={date()} done={props.todo.completedAt !== null} />}
        </Show>
      </button>
      <Show when={props.todo.dueDate}>
        <button
          type="button"
          class="due-field-clear"
          aria-label={t("todos.clearDue")}
          onClick={() => choose(null)}
        >
          <Icon name="close" width="16" height="16" />
        </button>
      </Show>
      <Popover
        id={id}
        anchor={() => button}
        class="due-field-popover"
        role="dialog"
        aria-label={t("todos.due")}
        onOpen={(element) => {
          popover = element
          element.querySelector("button")?.focus()
        }}
      >
        <For each={choices()}>
          {(choice) => (
            <button
              type="button"
              class="due-field-choice"
              aria-pressed={props.todo.dueDate === choice.date}
              onClick={() => choose(choice.date)}
            >
              {choice.label}
              <span class="due-field-day">
                {formatDate(choice.date, { weekday: "short", day: "numeric" })}
              </span>
            </button>
          )}
        </For>
        <div class="due-field-other">
          <label for={dateId} class="due-field-label">
            {t("todos.otherDay")}
          </label>
          <input
            id={dateId}
            class="due-field-date"
            type="date"
            min="1970-01-01"
            max="9999-12-31"
            value={props.todo.dueDate ?? ""}
            onChange={(event) => {
              const { value, validity } = event.currentTarget
              if (validity.valid && value) props.onChange(value)
            }}
          />
        </div>
      </Popover>
    </div>
  )
}
