import type { Database } from "bun:sqlite"
import type { Place } from "./findings.ts"
import type { Field, Section } from "./map.ts"
import { quoted, type SourceTable } from "./tables.ts"

export type SourceValue = string | number | Uint8Array | null

/** A value of a row with where it stands; `broken` says whether its text is not UTF-8. */
export type Cell = Place & { field: Field; value: SourceValue; broken: () => boolean }

/** One row of the source, by the names of the section's fields. */
export class SourceRow {
  constructor(
    readonly from: string,
    private readonly cells: Map<string, Cell>,
  ) {}

  /** The cell of a field, or undefined if the map leaves the field out. */
  cell = (field: string): Cell | undefined => this.cells.get(field)

  /** A key or a reference as it is compared: 7, 7.0 and "7" are the same, and bytes are written in hexadecimal. */
  key(field: string): string | null {
    return (this.cells.get(field)?.value ?? null) as string | null
  }
}

/** The fields that hold keys; they are read as text, since whole numbers above 2^53 would not survive otherwise. */
const KEYS = new Set(["key", "user", "list", "owner"])

/**
 * The rows of a section's table, one at a time, in the order of its `position` and else as they were made. `from`
 * names a row: by its rowid, or by its key in a table without.
 */
export function* readRows(database: Database, section: Section, table: SourceTable): Generator<SourceRow> {
  const columns = Object.entries(section.fields).flatMap(([name, field]) =>
    "column" in field
      ? [{ name, field, sql: KEYS.has(name) ? keyText(field.column) : quoted(field.column) }]
      : [],
  )
  const constants = Object.entries(section.fields).filter(([, field]) => "value" in field)
  const row = table.hasRowid ? "rowid" : keyText(firstColumn(section))
  const order = columns.some(({ name }) => name === "position") ? `"position", "row"` : `"row"`
  const selected = [`${row} as "row"`, ...columns.map(({ name, sql }) => `${sql} as ${quoted(name)}`)]
  const rows = database.query<Record<string, SourceValue>, []>(
    `select ${selected.join(", ")} from ${quoted(table.name)} order by ${order}`,
  )
  for (const values of rows.iterate()) {
    const name = String(values.row)
    const cells = new Map<string, Cell>()
    for (const { name: field, field: mapped } of columns) {
      const column = (mapped as { column: string }).column
      const place = { table: table.name, row: name, column }
      const broken = () => isBroken(database, place, row, values.row!)
      cells.set(field, { ...place, field: mapped, value: values[field]!, broken })
    }
    for (const [field, constant] of constants)
      cells.set(field, {
        table: table.name,
        row: name,
        column: field,
        field: constant,
        value: constantOf(constant),
        broken: () => false,
      })
    yield new SourceRow(fromOf({ table: table.name, row: name }), cells)
  }
}

/** How a row is named in reports. */
export const fromOf = ({ table, row }: Pick<Place, "table" | "row">) => `${table} row ${row}`

const constantOf = (field: Field) => {
  const { value } = field as { value: string | number | boolean }
  return typeof value === "boolean" ? Number(value) : value
}

const firstColumn = ({ fields }: Section) =>
  (Object.values(fields).find((field) => "column" in field) as { column: string }).column

/** `column` as text, so that what SQLite compares as equal is equal. */
function keyText(column: string): string {
  const name = quoted(column)
  return `case typeof(${name})
    when 'blob' then 'x' || hex(${name})
    when 'real' then case when ${name} = cast(${name} as integer) then cast(cast(${name} as integer) as text)
      else cast(${name} as text) end
    else cast(${name} as text) end`
}

/** Keys that several rows have, which a column that is declared unique cannot hold. */
export const repeatedKeys = (database: Database, { table, fields }: Section): string[] =>
  "column" in fields.key!
    ? database
        .query<{ key: string }, []>(
          `select ${keyText(fields.key.column)} as "key" from ${quoted(table)} where ${quoted(fields.key.column)} is not null
            group by 1 having count(*) > 1`,
        )
        .all()
        .map(({ key }) => key)
    : []

const UTF8 = new TextDecoder("utf-8", { fatal: true })

/** Whether the bytes of a text that was read with U+FFFD in it are not UTF-8, or it is really what was written. */
function isBroken(database: Database, { table, column }: Place, row: string, name: SourceValue): boolean {
  const { encoding } = database.query<{ encoding: string }, []>("pragma encoding").get()!
  if (encoding !== "UTF-8") return true
  const found = database
    .query<{ bytes: Uint8Array }, [SourceValue]>(
      `select cast(${quoted(column)} as blob) as bytes from ${quoted(table)} where ${row} = ?`,
    )
    .get(name)
  try {
    UTF8.decode(found!.bytes)
    return false
  } catch {
    return true
  }
}
