import { FormatRegistry, Kind, type TUnsafe, Type, TypeRegistry } from "@sinclair/typebox"

// Elysia's own formats are wider than what PostgreSQL takes or what the API promises: its `date` accepts the
// 31st of February, its `uuid` a `urn:uuid:` prefix, its `integer` hexadecimal, blanks and exponents.
FormatRegistry.Set("uuid", (text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text))
FormatRegistry.Set("date", isCalendarDate)
FormatRegistry.Set("integer", (text) => /^-?\d{1,15}$/.test(text))
FormatRegistry.Set("numeric", (text) => /^-?\d{1,15}(\.\d{1,15})?$/.test(text))
FormatRegistry.Set("boolean", (text) => text === "true" || text === "false")

type TextOptions = { minLength?: number; maxLength: number; description?: string; default?: string }

/**
 * Text of `minLength` to `maxLength` characters, counted as Unicode code points like JSON Schema and PostgreSQL
 * do; TypeBox's own `String` counts UTF-16 units, so an emoji would count twice.
 */
export const text = (options: TextOptions): TUnsafe<string> =>
  Type.Unsafe<string>({ type: "string", ...options, [Kind]: "Text" })

TypeRegistry.Set<TextOptions>(
  "Text",
  ({ minLength = 0, maxLength }, value) => typeof value === "string" && fits(value, minLength, maxLength),
)

function fits(value: string, minLength: number, maxLength: number): boolean {
  // A character is one or two units, so only the texts in between need counting.
  if (value.length < minLength || value.length > 2 * maxLength) return false
  if (value.length >= 2 * minLength && value.length <= maxLength) return true
  const length = characters(value)
  return length >= minLength && length <= maxLength
}

/** The number of Unicode code points in `text`. */
export function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Whether `text` is a day of the Gregorian calendar as `YYYY-MM-DD`, from year 1 on like PostgreSQL's `date`. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith("0000")) return false
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text)
}
