/** Stands where something was left out of the log. */
const LEFT_OUT = "[left out]"

/**
 * A log line without what must not be in one, whoever wrote it: e-mail addresses keep their first letter and their
 * domain; passwords of URLs, access tokens, and anything as long as a 256-bit token go.
 */
export function masked(line: string): string {
  let text = line
  if (text.includes("@") || text.includes("%40")) {
    text = text.replace(/:\/\/[^\s/@"\\]{1,400}@/g, "://***@").replace(EMAIL, "$1***$2")
  }
  return text.replace(TOKEN, LEFT_OUT)
}

const EMAIL =
  /([\p{L}\p{N}!#$&'*+=?^_`{|}~])[\p{L}\p{N}.!#$&'*+=?^_`{|}~-]{0,63}((?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+)/gu

/** A JWT, or 43 and more characters of base64url or hexadecimal without a break. A UUID has 36. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*|[\w-]{43,}/g

/**
 * What the log tells of an error: only these members, since others hold what was sent (`parameters` and `detail` of
 * a PostgreSQL error, `value` of a failed check). `submitted` are texts of the request; they are cut out too.
 */
export function errorFacts(error: unknown, submitted: string[] = [], depth = 0): Record<string, unknown> {
  const clean = (text: string) =>
    submitted.reduce((cleaned, sent) => cleaned.replaceAll(sent, LEFT_OUT), text)
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint_name, table_name, column_name, routine } = error as Error & Record<string, unknown>
  // A data exception (class 22) quotes the value that it could not take.
  const message =
    typeof code === "string" && /^22...$/.test(code)
      ? error.message.replace(/"[^"]*"/g, `"${LEFT_OUT}"`)
      : error.message
  return {
    type: error.constructor.name,
    message: clean(message),
    code,
    constraint: constraint_name,
    table: table_name,
    column: column_name,
    routine,
    stack: stackOf(error),
    cause:
      error.cause === undefined || depth === 4 ? undefined : errorFacts(error.cause, submitted, depth + 1),
  }
}

/** The calls alone: the first lines of a stack repeat the message. */
const stackOf = ({ stack = "" }: Error) =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 30)
    .map((line) => line.trim())

/** The texts in what was sent that are long enough to be worth hiding, wherever they are in it. */
export function submittedTexts(...sent: unknown[]): string[] {
  const texts = new Set<string>()
  const collect = (value: unknown, depth: number) => {
    if (texts.size === 1000 || depth > 16) return
    if (typeof value === "string") {
      if (value.length >= 6) texts.add(value)
    } else if (typeof value === "object" && value !== null) {
      for (const member of Object.values(value)) collect(member, depth + 1)
    }
  }
  for (const part of sent) collect(part, 0)
  // The longest first, or a part of one would be cut out of it and leave the rest.
  return [...texts].sort((a, b) => b.length - a.length)
}
