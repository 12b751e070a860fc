import { Readable, type Writable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { Sql } from "../../server/database/connect.ts"
import { isMoment, isTheirs, TARGETS, type TargetRow, type TargetTable } from "./target.ts"

/** Characters that are sent at once. */
const CHUNK = 64 * 1024
/** Milliseconds for PostgreSQL to take in what was sent last, which it does as it comes. */
const END_TIMEOUT = 60_000
const COLUMNS = Array.from({ length: 13 }, (_, index) => `v${index + 1}`)

/**
 * Sends `rows` by COPY into a temporary table of texts, `incoming`, which every later statement of the transaction reads:
 * nothing reaches Docket's own tables before it is known what is there already.
 */
export async function stage(sql: Sql, rows: Iterable<TargetRow>) {
  await sql.unsafe(
    `create temporary table incoming (target text not null, source_row text not null, ${COLUMNS.map((column) => `${column} text`).join(", ")}) on commit drop`,
  )
  const stream = (await sql`copy incoming from stdin`.writable()) as Writable
  const ending = new AbortController()
  let timer: Timer | undefined
  function* chunks() {
    let chunk = ""
    for (const row of rows) {
      chunk += copyLine(row)
      if (chunk.length < CHUNK) continue
      yield Buffer.from(chunk)
      chunk = ""
    }
    yield Buffer.from(chunk)
    // Of a fault that comes after the end, such as a full disk, the driver tells no one.
    timer = setTimeout(() => ending.abort(), END_TIMEOUT)
  }
  await pipeline(Readable.from(chunks()), stream, { signal: ending.signal }).finally(() =>
    clearTimeout(timer),
  )
  await sql`analyze incoming`
}

/** PostgreSQL's text format: https://www.postgresql.org/docs/18/sql-copy.html */
function copyLine({ table, values, from }: TargetRow): string {
  const padded = [table, from, ...values, ...Array<null>(COLUMNS.length - values.length).fill(null)]
  return `${padded.map((value) => (value === null ? "\\N" : value.replace(/[\\\n\r\t]/g, escaped))).join("\t")}\n`
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }
const escaped = (character: string) => ESCAPES[character]!

export type Standing = { incoming: number; there: number; different: number; examples: string[] }

/** How many of a table's rows are there already, and how many of those are no longer what the source says. */
export async function standing(sql: Sql, table: TargetTable): Promise<Standing> {
  const compared = TARGETS[table].columns.flatMap((column, index) =>
    isTheirs(table, column) ? [] : [{ stored: textOf(column), given: `v${index + 1}` }],
  )
  const isDifferent =
    compared.length === 0
      ? "false"
      : `(${compared.map(({ stored }) => stored).join(", ")}) is distinct from (${compared.map(({ given }) => given).join(", ")})`
  const [found] = await sql.unsafe<[Standing]>(
    `select count(*)::integer as incoming, count(here.${TARGETS[table].key[0]})::integer as there,
      count(*) filter (where here.${TARGETS[table].key[0]} is not null and ${isDifferent})::integer as different,
      coalesce((array_agg(source_row) filter (where here.${TARGETS[table].key[0]} is null or ${isDifferent}))[1:20], '{}') as examples
    from incoming left join ${table} here on ${joined(table)} where target = '${table}'`,
  )
  return found
}

/** Rows of the source whose address someone else's account has. */
export async function takenAddresses(sql: Sql): Promise<{ count: number; examples: string[] }> {
  const [found] = await sql<[{ count: number; examples: string[] }]>`
    select count(*)::integer, coalesce((array_agg(source_row))[1:20], '{}') as examples
    from incoming join accounts on accounts.email = v2 and accounts.id <> v1::uuid where target = 'accounts'`
  return found
}

/** Writes the staged rows of a table where they belong. Returns how many. */
export async function insertStaged(sql: Sql, table: TargetTable): Promise<number> {
  const { columns } = TARGETS[table]
  const values = columns.map((column, index) => `v${index + 1}::${typeOf(column)}`)
  const inserted = await sql.unsafe(
    `insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from incoming where target = '${table}'`,
  )
  return inserted.count
}

/** A staged row and the stored one of the same key, which is called `here`. */
export const joined = (table: TargetTable) =>
  TARGETS[table].key
    .map(
      (column) =>
        `here.${column} = v${(TARGETS[table].columns as readonly string[]).indexOf(column) + 1}::uuid`,
    )
    .join(" and ")

/** A stored column as the import writes it. */
export const textOf = (column: string) =>
  isMoment(column)
    ? `to_char(here.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : `here.${column}::text`

const TYPES: Record<string, string> = {
  rev: "bigint",
  size: "integer",
  is_inbox: "boolean",
  creation_digest: "bytea",
  priority: "priority",
  due_date: "date",
}

function typeOf(column: string): string {
  if (column === "id" || column.endsWith("_id")) return "uuid"
  return isMoment(column) ? "timestamptz" : (TYPES[column] ?? "text")
}
