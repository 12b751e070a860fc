import type { Database } from "bun:sqlite"

/** Rows that break a foreign key which the source declares, and SQLite did not enforce. */
export type BrokenReferences = { table: string; refersTo: string; count: number; rows: string[] }

/** Rows named of each; the rest is counted. */
const MOST_ROWS = 20

/** What `foreign_key_check` finds. The import itself looks at every reference that the map names, declared or not. */
export function brokenReferences(database: Database): BrokenReferences[] {
  const found = new Map<string, BrokenReferences>()
  const rows = database.query<{ table: string; rowid: number | null; parent: string }, []>(
    "pragma foreign_key_check",
  )
  for (const { table, rowid, parent } of rows.iterate()) {
    const id = `${table} ${parent}`
    const known = found.get(id) ?? { table, refersTo: parent, count: 0, rows: [] }
    known.count += 1
    if (known.rows.length < MOST_ROWS && rowid !== null) known.rows.push(String(rowid))
    found.set(id, known)
  }
  return [...found.values()]
}
