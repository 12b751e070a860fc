import type { Database } from "bun:sqlite"
import { editDistance } from "../../server/misspelt.ts"
import { Refusal } from "../refusal.ts"
import { type ImportMap, SECTIONS, type Section } from "./map.ts"

export type SourceTable = { name: string; rows: number; columns: string[]; hasRowid: boolean }

/** Every table of the source. */
export function readTables(database: Database): SourceTable[] {
  const tables = database
    .query<{ name: string; wr: number }, []>(
      "select name, wr from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name",
    )
    .all()
  return tables.map(({ name, wr }) => ({
    name,
    hasRowid: wr === 0,
    rows: database.query<{ rows: number }, []>(`select count(*) as rows from ${quoted(name)}`).get()!.rows,
    columns: database
      .query<{ name: string }, [string]>("select name from pragma_table_xinfo(?)")
      .all(name)
      .map((column) => column.name),
  }))
}

/** An identifier as SQLite reads it. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Refuses (2), with every fault at once, a map that names what the source does not have. */
export function requireMapped(map: ImportMap, tables: SourceTable[], path: string) {
  const faults = SECTIONS.flatMap((name) => {
    const section = map.sections[name]
    return section ? sectionFaults(name, section, tables) : []
  })
  if (faults.length > 0)
    throw new Refusal(
      2,
      [`The map does not go with ${path}:`, ...faults.map((fault) => `  - ${fault}`)].join("\n"),
      { faults },
    )
}

function sectionFaults(name: string, section: Section, tables: SourceTable[]): string[] {
  const table = tables.find((table) => table.name === section.table)
  if (!table)
    return [`${name}.table: there is no table ${section.table}.${choice(section.table, tables.map(nameOf))}`]
  return columnsOf(section)
    .filter(([, column]) => !table.columns.includes(column))
    .map(
      ([field, column]) =>
        `${name}.${field}: ${section.table} has no column ${column}.${choice(column, table.columns)}`,
    )
}

const nameOf = ({ name }: { name: string }) => name

/** The fields of a section that are read from columns, and the columns. */
export const columnsOf = ({ fields }: Section): [field: string, column: string][] =>
  Object.entries(fields).flatMap(([name, field]) => ("column" in field ? [[name, field.column]] : []))

function choice(given: string, known: string[]): string {
  const guess = known.find((name) => editDistance(given.toLowerCase(), name.toLowerCase()) <= 2)
  return guess ? ` Did you mean ${guess}?` : ` There are: ${known.join(", ") || "none"}.`
}

export type Unmapped = { table: string; column: string | null; rows: number }

/** What stays behind: tables with rows, and columns with values, that no section names. */
export function readUnmapped(database: Database, map: ImportMap, tables: SourceTable[]): Unmapped[] {
  return tables.flatMap((table): Unmapped[] => {
    const sections = SECTIONS.flatMap((name) => map.sections[name] ?? []).filter(
      (section) => section.table === table.name,
    )
    if (sections.length === 0)
      return table.rows > 0 ? [{ table: table.name, column: null, rows: table.rows }] : []
    const mapped = new Set(sections.flatMap((section) => columnsOf(section).map(([, column]) => column)))
    return table.columns
      .filter((column) => !mapped.has(column))
      .map((column) => ({ table: table.name, column, rows: countValues(database, table.name, column) }))
      .filter(({ rows }) => rows > 0)
  })
}

const countValues = (database: Database, table: string, column: string) =>
  database.query<{ rows: number }, []>(`select count(${quoted(column)}) as rows from ${quoted(table)}`).get()!
    .rows
