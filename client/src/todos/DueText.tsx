import { Show } from "solid-js"
import { t } from "../i18n/translate.ts"
import { daysBetween } from "./due.ts"
import { dueText, fullDate } from "./due-text.ts"
import { useToday } from "./today.ts"
import "./DueText.css"

/** When a todo is due, short; late and today's are told by colour, and to a screen reader by words. */
export function DueText(props: { date: string; done?: boolean }) {
  const today = useToday()
  const days = () => daysBetween(today(), props.date)
  const late = () => !props.done && days() < 0
  return (
    <time
      class="due-text"
      classList={{ "due-text-late": late(), "due-text-today": !props.done && days() === 0 }}
      dateTime={props.date}
      title={fullDate(props.date)}
    >
      <Show when={late()}>
        <span class="visually-hidden">{t("todos.overdue")}: </span>
      </Show>
      {dueText(props.date, today())}
    </time>
  )
}
