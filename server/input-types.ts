import { FormatRegistry, Kind, type TUnsafe, Type, TypeRegistry } from "@sinclair/typebox"

// Elysia's own formats are wider than what PostgreSQL takes or what the API promises: its `date` accepts the
// 31st of February, its `uuid` a `urn:uuid:` prefix, its `integer` hexadecimal, blanks and exponents.
FormatRegistry.Set("uuid", (text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text))
FormatRegistry.Set("date", isCalendarDate)
FormatRegistry.Set("moment", isMoment)
FormatRegistry.Set("integer", (text) => /^-?\d{1,15}$/.test(text))
FormatRegistry.Set("numeric", (text) => /^-?\d{1,15}(\.\d{1,15})?$/.test(text))
FormatRegistry.Set("boolean", (text) => text === "true" || text === "false")

type TextOptions = {
  minLength?: number
  maxLength: number
  description?: string
  /** These are told in the OpenAPI document; the route checks them itself. */
  format?: string
  pattern?: string
}

/** No white space, no control character, and none that takes no room. */
const SEEN = String.raw`[^\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]`
const hasSeen = new RegExp(SEEN)
/** PostgreSQL holds no NUL; server/json-body.ts and server/request-checks.ts refuse it wherever it is. */
const NO_NUL = String.raw`[^\u0000]*`

/**
 * Text of `minLength` to `maxLength` characters, counted as Unicode code points after composition (NFC), like JSON
 * Schema and PostgreSQL do; TypeBox's own `String` counts UTF-16 units, so an emoji would count twice. Where there
 * must be one character it must be one that can be seen.
 */
export const text = ({ minLength = 0, ...options }: TextOptions): TUnsafe<string> =>
  Type.Unsafe<string>({
    type: "string",
    ...(minLength > 0 ? { minLength } : {}),
    pattern: minLength === 1 ? `^${NO_NUL}${SEEN}${NO_NUL}$` : `^${NO_NUL}$`,
    ...options,
    [Kind]: "Text",
  })

TypeRegistry.Set<TextOptions>("Text", (schema, value) => typeof value === "string" && fits(value, schema))

function fits(value: string, { minLength = 0, maxLength }: TextOptions): boolean {
  if (minLength === 1 && !isSeen(value)) return false
  // A character is one or two units, and composition makes at most three of one: most texts need no counting.
  if (value.length >= 2 * minLength && 3 * value.length <= maxLength) return true
  if (value.length > 2 * 3 * maxLength) return false
  const length = characters(value.normalize("NFC"))
  return length >= minLength && length <= maxLength
}

/** One of `values`. Elysia's `UnionEnum` would fill in the first where the member is not sent, in a change as well. */
export const choice = <const Value extends string>(
  values: readonly Value[],
  options: { default?: Value; description?: string } = {},
): TUnsafe<Value> => Type.Unsafe<Value>({ type: "string", enum: values, ...options, [Kind]: "Choice" })

TypeRegistry.Set<{ enum: readonly unknown[] }>("Choice", (schema, value) => schema.enum.includes(value))

/** Whether there is anything in `text` that can be seen. */
export const isSeen = (text: string) => hasSeen.test(text)

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

/** Whether `text` is a moment in UTC as ISO 8601 writes it, `2026-01-31T12:00:00.000Z`. */
export function isMoment(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/.exec(text)
  return parts !== null && isCalendarDate(parts[1]!)
}
