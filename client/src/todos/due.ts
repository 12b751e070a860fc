import { formatter } from "../i18n/formatters.ts"

/** Dates without a time, `YYYY-MM-DD`, in the calendar of a person's time zone. */

const DAY = 24 * 3600 * 1000

/** The date that it is in `timeZone` (IANA) at `now`, in milliseconds since 1970. */
export function dateIn(timeZone: string, now: number): string {
  const parts = formatter(Intl.DateTimeFormat, "en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(now)
  const part = (type: string) => parts.find((part) => part.type === type)!.value
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`
}

/** Noon in UTC of a date: an instant to calculate and to format it with, always in the time zone UTC. */
export const noon = (date: string) => Date.parse(`${date}T12:00:00Z`)

export const addDays = (date: string, days: number) =>
  new Date(noon(date) + days * DAY).toISOString().slice(0, 10)

/** How many days `to` is after `from`; negative when it is before. */
export const daysBetween = (from: string, to: string) => Math.round((noon(to) - noon(from)) / DAY)

/** The Monday after `date`. */
export function nextMonday(date: string) {
  const weekday = new Date(noon(date)).getUTCDay()
  return addDays(date, (8 - weekday) % 7 || 7)
}
