import { formatter } from "./formatters.ts"

/** A text for each plural category its language has (CLDR); `{count}` is what is counted. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }
export type Message = string | Plural

/** What a catalogue of another language must hold: the same keys as `English`, a plural where it has a plural. */
export type Translation<English> = { [Key in keyof English]: English[Key] extends string ? string : Plural }

type Placeholder<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

/** The names between braces in a message, which whoever uses it must fill in. */
export type PlaceholderOf<M> = M extends string
  ? Placeholder<M>
  : "count" | { [Category in keyof M]: Placeholder<M[Category]> }[keyof M]

/**
 * `message` with its placeholders filled in; a plural is chosen by `parameters.count`. Numbers are written as
 * `language` writes them. A placeholder without a value stays as it is.
 */
export function format(
  language: string,
  message: Message,
  parameters: Readonly<Record<string, string | number>> = {},
): string {
  const text = typeof message === "string" ? message : pluralForm(language, message, Number(parameters.count))
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = parameters[name]
    if (value === undefined) return placeholder
    return typeof value === "number" ? formatter(Intl.NumberFormat, language).format(value) : value
  })
}

function pluralForm(language: string, plural: Plural, count: number) {
  return plural[formatter(Intl.PluralRules, language).select(count)] ?? plural.other
}
