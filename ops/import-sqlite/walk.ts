import type { Database } from "bun:sqlite"
import { readAccount } from "./accounts.ts"
import { Directory } from "./directory.ts"
import { type Findings, LeftOut } from "./findings.ts"
import { readList, readMember, writeList } from "./lists.ts"
import type { ImportMap, SectionName } from "./map.ts"
import { readRows, repeatedKeys, type SourceRow } from "./rows.ts"
import type { SourceTable } from "./tables.ts"
import type { TargetRow } from "./target.ts"
import { readTodo } from "./todos.ts"

export type Walk = {
  database: Database
  map: ImportMap
  tables: SourceTable[]
  findings: Findings
  /** In milliseconds: what is later has not been yet. */
  latest: number
  /** Told of every row of the source, and whether it was left out. */
  onRow?: (section: SectionName, isLeftOut: boolean) => void
}

/**
 * Everything that the import writes, made from the source row by row: people, then lists, then todos, then the spaces,
 * whose sizes are known by then. The same source and map always give the same rows. Memory grows with people, lists and
 * members, not with todos.
 */
export function* walk(given: Walk): Generator<TargetRow> {
  const { map, findings } = given
  const directory = new Directory(map.source, given.latest)
  for (const made of read(given, "users", (row) => readAccount(row, findings, directory))) yield* made
  for (const _ of read(given, "lists", (row) => readList(row, findings, directory)));
  for (const _ of read(given, "members", (row) => readMember(row, findings, directory)));
  for (const [key, list] of directory.lists) {
    const made = unlessLeftOut(() => writeList(list, findings))
    if (made) yield* made
    else directory.lists.delete(key)
  }
  for (const key of repeatedKeys(given.database, map.sections.todos)) directory.repeated.set(key, false)
  for (const todo of read(given, "todos", (row) => readTodo(row, findings, directory))) yield todo
  yield* spaces(directory)
}

function* read<Made>(
  { database, map, tables, onRow }: Walk,
  name: SectionName,
  make: (row: SourceRow) => Made,
): Generator<Made> {
  const section = map.sections[name]
  if (!section) return
  const table = tables.find((table) => table.name === section.table)!
  for (const row of readRows(database, section, table)) {
    let isLeftOut = true
    const made = unlessLeftOut(() => {
      const made = make(row)
      isLeftOut = false
      return made
    })
    onRow?.(name, isLeftOut)
    if (!isLeftOut) yield made as Made
  }
}

function unlessLeftOut<Made>(make: () => Made): Made | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof LeftOut) return
    throw error
  }
}

function* spaces({ people, lists }: Directory): Generator<TargetRow> {
  const from = "counted"
  for (const { accountId, inbox, created } of new Set(people.values())) {
    yield { table: "spaces", values: [accountId, "personal", "1", "0", created], from }
    yield listSpace(inbox, from)
  }
  for (const { space } of lists.values()) yield listSpace(space, from)
}

const listSpace = (
  { id, size, created }: { id: string; size: number; created: string },
  from: string,
): TargetRow => ({
  table: "spaces",
  values: [id, "list", String(size + 1), String(size), created],
  from,
})
