import { formatter } from "../i18n/formatters.ts"
import { language, t } from "../i18n/translate.ts"
import { daysBetween, noon } from "./due.ts"

/** How a due date is told beside a todo: "Today", "Tomorrow", "Monday", "3 Dec", "3 Dec 2027". */
export function dueText(date: string, today: string): string {
  const days = daysBetween(today, date)
  if (days === 0) return t("todos.today")
  if (days === 1) return t("todos.tomorrow")
  if (days === -1) return t("todos.yesterday")
  if (days > 1 && days < 7) return formatDate(date, { weekday: "long" })
  const year = date.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric"
  return formatDate(date, { day: "numeric", month: "short", year })
}

/** How a day is called above its todos: "Tomorrow, 22 November", "Monday, 23 November". */
export function dayHeading(date: string, today: string): { name: string; date: string } {
  const days = daysBetween(today, date)
  const name =
    days === 0 ? t("todos.today") : days === 1 ? t("todos.tomorrow") : formatDate(date, { weekday: "long" })
  const year = date.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric"
  return { name, date: formatDate(date, { day: "numeric", month: "long", year }) }
}

/** "Saturday, 21 November 2026": the date in full, for screen readers and tooltips. */
export const fullDate = (date: string) => formatDate(date, { dateStyle: "full" })

/** A date with the parts that `options` name, in the page's language. */
export function formatDate(date: string, options: Intl.DateTimeFormatOptions) {
  const text = formatter(Intl.DateTimeFormat, language(), { ...options, timeZone: "UTC" }).format(noon(date))
  // A label begins with a capital also where the name of a day does not ("lunes").
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1)
}
