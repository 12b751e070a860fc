import { cursorAt, type Place, placeOf } from "../cursors.ts"
import type { Pool } from "../database/connect.ts"
import { getList } from "../lists/queries.ts"
import { COLUMNS, listingStatement } from "./listing-statement.ts"
import type { Todo, TodoPage, TodosQuery } from "./shapes.ts"
import { isPlaceIn } from "./sorts.ts"

/**
 * A page of the account's todos, and the cursor of the next. Without `listId`: those of every list that is not
 * archived, and the sort by position goes by the list's position first. Todos without a due date (or not
 * completed, in that sort) come last in both directions.
 */
export async function listTodos(sql: Pool, accountId: string, query: TodosQuery): Promise<TodoPage> {
  const { limit = 50, cursor, ...listing } = { ...DEFAULTS, ...query }
  const place = cursor === undefined ? null : placeOf(cursor, listing, (place) => isPlaceIn(query, place))
  const { text, parameters } = listingStatement(accountId, query, place, limit + 1)
  // How common a text is decides how it is best looked for, so that is planned anew for each.
  const rows = (await sql
    .unsafe(text, parameters as never[], { prepare: query.text === undefined })
    .values()) as unknown as Row[]
  // An empty page of a list that is not the account's own is no answer.
  if (rows.length === 0 && query.listId !== undefined) await getList(sql, accountId, query.listId)
  const items = rows.slice(0, limit).map(todoOf)
  if (rows.length <= limit) return { items, nextCursor: null }
  return { items, nextCursor: cursorAt(rows[limit - 1]!.slice(COLUMNS.length) as Place, listing) }
}

const DEFAULTS = { sort: "position", direction: "ascending", trashed: false } as const

type Row = (string | number | null)[]

/** Arrays cost the driver half of what objects do, and this is the most frequent read. */
function todoOf(row: Row): Todo {
  return {
    id: row[0],
    listId: row[1],
    title: row[2],
    notes: row[3],
    priority: row[4],
    dueDate: row[5],
    position: row[6],
    completedAt: row[7],
    trashedAt: row[8],
    rev: row[9],
    createdAt: row[10],
    updatedAt: row[11],
  } as Todo
}
