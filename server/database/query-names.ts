/** Characters of a name; and statements of different text that are remembered, beyond which a name is `other`. */
const MOST_LENGTH = 80
const MOST_KNOWN = 1_000
const MOST_TABLES = 3
export const OTHER = "other"

const known = new Map<string | readonly string[], string>()

/**
 * The name of a statement as metrics and traces tell it, such as `select accounts, sessions` or `update spaces, insert todos`: what
 * it does to which tables, after OpenTelemetry's `db.query.summary`, so of few values whatever is asked. A function's name would
 * say more, but is not on the stack of what it returns (tail calls). `text` is a statement, or the constant parts of a tagged
 * one, which are the same array each time: it is read once.
 */
export function queryName(text: string | readonly string[]): string {
  const name = known.get(text)
  if (name !== undefined) return name
  if (known.size >= MOST_KNOWN) return OTHER
  const read = nameOf(typeof text === "string" ? text : text.join("$"))
  known.set(text, read)
  return read
}

/** Of each write its table; of a statement that only reads, the tables, in the order in which they come. */
function nameOf(text: string): string {
  const plain = text
    .replace(/--.*$/gm, "")
    .replace(/'(?:[^']|'')*'/g, "''")
    .toLowerCase()
  const made = new Set(
    [...plain.matchAll(/\b(\w+) as (?:not )?(?:materialized )?\(/g)].map(([, name]) => name),
  )
  const named = (pattern: RegExp) =>
    [...plain.matchAll(pattern)].map(([, ...groups]) => groups).filter((groups) => !made.has(groups.at(-1)))
  const writes = named(
    /(?<!for |do )\b(insert into|update|delete from|merge into)\s+(?:only\s+)?"?([a-z_][\w.]*)/g,
  )
  if (writes.length > 0) return cut(writes.map(([verb, table]) => `${verb!.split(" ")[0]} ${table}`))
  const tables = named(
    /\b(?:from|join)\s+(?:only\s+)?(?:lateral\s+)?"?([a-z_][\w.]*)(?!\s*\()(?![\w.])/g,
  ).flat()
  const verb = /^[\s(]*(?:with\b[\s\S]*?\b(select)\b|([a-z]+))/.exec(plain)
  return cut([[verb?.[1] ?? verb?.[2] ?? OTHER, tables[0]].filter(Boolean).join(" "), ...tables.slice(1)])
}

const cut = (parts: (string | undefined)[]) =>
  [...new Set(parts)].slice(0, MOST_TABLES).join(", ").slice(0, MOST_LENGTH)
