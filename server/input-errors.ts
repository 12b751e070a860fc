import { Kind, type TSchema } from "@sinclair/typebox"
import { Value, type ValueError, ValueErrorType } from "@sinclair/typebox/value"
import { characters, isSeen } from "./input-types.ts"
import { pointerSegment } from "./json-body.ts"
import type { InputError } from "./problems.ts"

/** Faults told of at once. */
const MOST_ERRORS = 50

/**
 * The faults of `value` against `schema` in the API's stable codes, at most one for each path. What was
 * submitted is not repeated. A schema may name a code of its own as `"x-code"`, for a pattern that means
 * something: `t.String({ pattern: …, "x-code": "not-a-cursor" })`.
 */
export function inputErrors(schema: TSchema, value: unknown): InputError[] {
  const errors = new Map<string, InputError>()
  for (const error of Value.Errors(schema, value)) {
    const path = shortened(error.path)
    if (!errors.has(path)) errors.set(path, { path, ...faultOf(error) })
    if (errors.size === MOST_ERRORS) break
  }
  return [...errors.values()]
}

/**
 * The same for a query or a path, which arrive as text: Elysia widens their numbers and booleans to a union
 * with text, so each is looked at as what it stands for.
 */
export function textInputErrors(schema: TSchema, values: Record<string, unknown>): InputError[] {
  const properties: Record<string, TSchema> = schema.properties ?? {}
  const narrowed = { ...schema, properties: { ...properties } }
  const read: Record<string, unknown> = Object.assign(Object.create(null), values)
  for (const [name, property] of Object.entries(properties)) {
    const variant = fromText(property)
    if (!variant) continue
    narrowed.properties[name] = variant
    const text = read[name]
    if (typeof text !== "string") continue
    if (variant.type === "boolean") read[name] = text === "true" ? true : text === "false" ? false : text
    else if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) read[name] = Number(text)
  }
  return inputErrors(
    {
      ...narrowed,
      required: (schema.required ?? []).filter((name: string) => !("default" in (properties[name] ?? {}))),
    } as TSchema,
    read,
  )
}

/** The number or boolean in Elysia's union of it and text. */
const fromText = (schema: TSchema): TSchema | undefined =>
  schema.anyOf?.some(
    (variant: TSchema) =>
      variant.type === "string" && ["integer", "numeric", "boolean"].includes(variant.format),
  )
    ? schema.anyOf.find((variant: TSchema) => ["integer", "number", "boolean"].includes(variant.type))
    : undefined

type Fault = Pick<InputError, "code" | "message">

function faultOf(error: ValueError): Fault {
  const { schema, type, value } = error
  if (type === ValueErrorType.ObjectRequiredProperty || (value === undefined && error.path !== "")) {
    return { code: "required", message: "This is required." }
  }
  if (typeof schema["x-code"] === "string") return { code: schema["x-code"], message: "This is not valid." }
  switch (type) {
    case ValueErrorType.ObjectMinProperties:
      return { code: "too-short", message: "There must be at least one member." }
    case ValueErrorType.ObjectAdditionalProperties:
      return { code: "unknown-member", message: "There is no such member." }
    case ValueErrorType.StringFormat:
      return formatFault(schema.format)
    case ValueErrorType.StringMinLength:
    case ValueErrorType.StringMaxLength:
      return lengthFault(schema, String(value))
    case ValueErrorType.Kind:
      if (schema[Kind] === "Text" && typeof value === "string") return lengthFault(schema, value)
      return schema.enum ? choiceFault(schema.enum) : typeFault(schema)
    case ValueErrorType.ArrayMinItems:
      return { code: "too-short", message: `This must have at least ${schema.minItems} elements.` }
    case ValueErrorType.ArrayMaxItems:
      return { code: "too-long", message: `This must have at most ${schema.maxItems} elements.` }
    case ValueErrorType.IntegerMinimum:
    case ValueErrorType.NumberMinimum:
      return { code: "too-small", message: `This must be at least ${schema.minimum}.` }
    case ValueErrorType.IntegerMaximum:
    case ValueErrorType.NumberMaximum:
      return { code: "too-large", message: `This must be at most ${schema.maximum}.` }
    case ValueErrorType.Literal:
      return { code: "not-one-of", message: `This must be ${schema.const}.` }
    case ValueErrorType.Union:
      return unionFault(error)
    default:
      return typeFault(schema)
  }
}

function formatFault(format: string): Fault {
  switch (format) {
    case "uuid":
      return { code: "not-a-uuid", message: "This must be a UUID." }
    case "date":
      return { code: "not-a-date", message: "This must be a day of the calendar, as YYYY-MM-DD." }
    case "email":
      return { code: "not-an-email", message: "This must be an e-mail address." }
    default:
      return { code: "invalid", message: "This is not valid." }
  }
}

function lengthFault({ minLength = 0, maxLength }: TSchema, value: string): Fault {
  const length = minLength === 1 && !isSeen(value) ? 0 : characters(value)
  return length < minLength
    ? {
        code: "too-short",
        message: `This must have at least ${minLength} ${minLength === 1 ? "character" : "characters"}.`,
      }
    : { code: "too-long", message: `This must have at most ${maxLength} characters.` }
}

/** Of a union, the fault of the variant that was meant: the one whose type the value has. */
function unionFault({ schema, errors }: ValueError): Fault {
  const variants: TSchema[] = schema.anyOf ?? []
  const choices = variants.filter((variant) => variant.const !== undefined).map((variant) => variant.const)
  if (
    choices.length > 0 &&
    variants.every((variant) => variant.const !== undefined || variant.type === "null")
  ) {
    return choiceFault(choices)
  }
  const faults = errors
    .filter((_, index) => variants[index]?.type !== "null")
    .flatMap((iterator) => [...iterator].slice(0, 1))
    .map(faultOf)
  return (
    faults.find(({ code }) => code !== "wrong-type") ??
    faults[0] ?? { code: "invalid", message: "This is not valid." }
  )
}

const choiceFault = (choices: unknown[]): Fault => ({
  code: "not-one-of",
  message: `This must be one of ${choices.join(", ")}.`,
})

function typeFault({ type }: TSchema): Fault {
  switch (type) {
    case "string":
      return { code: "wrong-type", message: "This must be text." }
    case "integer":
      return { code: "wrong-type", message: "This must be a whole number." }
    case "number":
      return { code: "wrong-type", message: "This must be a number." }
    case "boolean":
      return { code: "wrong-type", message: "This must be true or false." }
    case "array":
      return { code: "wrong-type", message: "This must be a list." }
    case "object":
      return { code: "wrong-type", message: "This must be an object." }
    default:
      return { code: "invalid", message: "This is not valid." }
  }
}

/** TypeBox writes a submitted name into the path whole. */
const shortened = (path: string) => (path.length <= 200 ? path : `/${pointerSegment(path.slice(1))}`)
