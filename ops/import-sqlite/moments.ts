/** In seconds of the Unix epoch: what a number is believed to be a moment of, 1990 to 2100. */
const BELIEVED = { least: 631_152_000, most: 4_102_444_800 }
const UNITS = { seconds: 1, milliseconds: 1000, microseconds: 1_000_000 }
export type Unit = keyof typeof UNITS

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
/** ISO 8601, and SQLite's own form with a blank; without an offset it is UTC, as SQLite's functions write it. */
const MOMENT =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(Z|UTC|([+-])(\d\d):?(\d\d))?$/

/**
 * The moment that `value` means, in milliseconds of the epoch, or null where it means none or could mean several. A number
 * without a unit is seconds, milliseconds or microseconds, whichever lies between 1990 and 2100: no number does in two
 * of them. Years outside are no moment of a todo's life, whatever the unit.
 */
export function readMoment(value: string | number, unit?: Unit): number | null {
  if (typeof value === "number") return fromNumber(value, unit)
  if (/^\d{9,17}(\.\d+)?$/.test(value)) return fromNumber(Number(value), unit)
  const text = value.trim()
  const midnight = fromDate(text)
  if (midnight !== null) return believed(midnight)
  const parts = MOMENT.exec(text)
  if (!parts) return null
  const day = fromDate(parts[1]!)
  const [hour, minute, second] = parts.slice(2, 5).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ]
  const offset = parts[7] ? Number(`${parts[7]}1`) * (Number(parts[8]) * 60 + Number(parts[9])) : 0
  if (day === null || hour > 23 || minute > 59 || second > 59 || Math.abs(offset) > 14 * 60) return null
  const milliseconds = Number((parts[5] ?? "").padEnd(3, "0").slice(0, 3))
  return believed(day + ((hour * 60 + minute - offset) * 60 + second) * 1000 + milliseconds)
}

function fromNumber(value: number, unit?: Unit): number | null {
  for (const candidate of unit ? [unit] : (Object.keys(UNITS) as Unit[])) {
    // By way of whole microseconds: seconds with a fraction are never exact in binary.
    const moment = believed(Math.floor(Math.round((value / UNITS[candidate]) * 1_000_000) / 1000))
    if (moment !== null) return moment
  }
  return null
}

function believed(moment: number): number | null {
  return moment >= BELIEVED.least * 1000 && moment < BELIEVED.most * 1000 ? moment : null
}

/** Midnight in UTC of a date that exists: the 30th of February is none. */
function fromDate(text: string): number | null {
  const parts = DATE.exec(text)
  if (!parts) return null
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const midnight = new Date(Date.UTC(year, month - 1, day))
  midnight.setUTCFullYear(year)
  return midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day ? midnight.getTime() : null
}
