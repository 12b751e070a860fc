import { cursorAt, type Place, placeOf } from "../cursors.ts"
import type { Pool } from "../database/connect.ts"
import { getList } from "../lists/queries.ts"
import { listingStatement } from "./listing-statement.ts"
import { COLUMNS, type TodoRow, todoOf } from "./rows.ts"
import type { TodoPage, TodosQuery } from "./shapes.ts"
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
    .values()) as unknown as TodoRow[]
  // An empty page of a list that is not the account's own is no answer.
  if (rows.length === 0 && query.listId !== undefined) await getList(sql, accountId, query.listId)
  const items = rows.slice(0, limit).map(todoOf)
  if (rows.length <= limit) return { items, nextCursor: null }
  return { items, nextCursor: cursorAt(rows[limit - 1]!.slice(COLUMNS.length) as Place, listing) }
}

const DEFAULTS = { sort: "position", direction: "ascending", trashed: false } as const
