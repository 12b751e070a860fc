import { language } from "./translate.ts"

const SECOND = 1000
/** The largest unit first, with its length in milliseconds. */
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 24 * 3600 * SECOND],
  ["month", 30 * 24 * 3600 * SECOND],
  ["day", 24 * 3600 * SECOND],
  ["hour", 3600 * SECOND],
  ["minute", 60 * SECOND],
]

/** An instant (ISO 8601) as a date in `timeZone` (the device's own if not given): "21 November 2026". */
export const formatDay = (instant: string, timeZone?: string) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "long", timeZone }).format(new Date(instant))

/** An instant (ISO 8601) as date and time of day in `timeZone`: "21 Nov 2026, 09:05". */
export const formatMoment = (instant: string, timeZone?: string) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", timeZone }).format(
    new Date(instant),
  )

/** How far an instant (ISO 8601) is from `now` (milliseconds since 1970): "5 minutes ago", "in 14 days". */
export function formatDistance(instant: string, now = Date.now()) {
  const distance = Date.parse(instant) - now
  const [unit, length] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ["second", SECOND]
  const formatter = new Intl.RelativeTimeFormat(language(), { numeric: "auto" })
  // Under a minute is "now": seconds would be stale as soon as they are read.
  return unit === "second"
    ? formatter.format(0, "second")
    : formatter.format(Math.round(distance / length), unit)
}

/** A wait in `seconds`, rounded up to whole minutes or hours when it is long: "45 seconds", "3 minutes". */
export function formatWait(seconds: number) {
  const [unit, count] =
    seconds < 100
      ? ["second", seconds]
      : seconds < 100 * 60
        ? ["minute", Math.ceil(seconds / 60)]
        : ["hour", Math.ceil(seconds / 3600)]
  return new Intl.NumberFormat(language(), { style: "unit", unit: `${unit}`, unitDisplay: "long" }).format(
    Number(count),
  )
}

/** The time of day it is now in `timeZone`: "09:05". */
export const formatTime = (timeZone: string, now = Date.now()) =>
  new Intl.DateTimeFormat(language(), { timeStyle: "short", timeZone }).format(now)
