import { cursorAt, type Place, placeOf } from "../cursors.ts"
import type { Pool } from "../database/connect.ts"
import { isCalendarDate } from "../input-types.ts"
import { getList } from "../lists/queries.ts"
import { PRIORITIES, type Todo, type TodoPage, type TodosQuery } from "./shapes.ts"

/** What a listing is sorted by: the indexed expression, the type of its values, and whether a todo may lack it. */
const SORTS = {
  position: { key: "todos.position", type: "text", nullable: false },
  dueDate: { key: "todos.due_date", type: "date", nullable: true },
  priority: { key: "todos.priority", type: "priority", nullable: false },
  title: { key: 'left(fold(todos.title), 100) collate "C"', type: "text", nullable: false },
  createdAt: { key: "todos.created_at", type: "timestamptz", nullable: false },
  updatedAt: { key: "todos.updated_at", type: "timestamptz", nullable: false },
  completedAt: { key: "todos.completed_at", type: "timestamptz", nullable: true },
} as const

const COLUMNS = [
  "id",
  "list_id",
  "title",
  "notes",
  "priority",
  "due_date",
  "position",
  "completed_at",
  "trashed_at",
  "rev",
  "created_at",
  "updated_at",
]

type Row = [...(string | number | null)[]]

/**
 * A page of the account's todos, and the cursor of the next. Without `listId`: those of every list that is not
 * archived, and the sort by position goes by the list's position first. Todos without a due date (or not
 * completed, in that sort) come last in both directions.
 */
export async function listTodos(sql: Pool, accountId: string, query: TodosQuery): Promise<TodoPage> {
  const limit = query.limit ?? 50
  const { text, parameters } = listingStatement(accountId, query, limit)
  const rows = (await sql
    .unsafe(text, parameters as never[], { prepare: !query.text })
    .values()) as unknown as Row[]
  // An empty page of a list that is not the account's own is no answer.
  if (rows.length === 0 && query.listId !== undefined) await getList(sql, accountId, query.listId)
  const items = rows.slice(0, limit).map(todoOf)
  const last = rows.length > limit ? rows[limit - 1]! : null
  return { items, nextCursor: last && cursorAt(last.slice(COLUMNS.length) as Place, identityOf(query)) }
}

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

/** What makes two requests pages of one listing. */
const identityOf = ({ limit: _limit, cursor: _cursor, ...listing }: TodosQuery) => ({
  ...listing,
  sort: listing.sort ?? "position",
  direction: listing.direction ?? "ascending",
  trashed: listing.trashed ?? false,
})

/**
 * A listing is cut into branches, each a contiguous range of one index: per list, per open or completed, per
 * with or without the sort's value. Every branch gives at most a page, in order, and the pages are merged: the
 * cost is that of the page and of the number of lists, not of the number of todos.
 */
export function listingStatement(accountId: string, query: TodosQuery, limit: number) {
  const parameters: unknown[] = []
  const parameter = (value: unknown) => `$${parameters.push(value)}`
  const sort = SORTS[query.sort ?? "position"]
  const descending = query.direction === "descending"
  const direction = descending ? "desc" : "asc"
  const beyond = descending ? "<" : ">"
  const byList = sort === SORTS.position && query.listId === undefined
  const place =
    query.cursor === undefined
      ? null
      : placeOf(query.cursor, identityOf(query), (place) => isPlace(place, sort, byList))

  const lists = [`memberships.account_id = ${parameter(accountId)}`]
  const most = parameter(limit + 1)
  const listId = query.listId === undefined ? null : parameter(query.listId)
  if (listId) lists.push(`lists.id = ${listId}`)
  else if (!query.trashed) lists.push("lists.archived_at is null")
  if (!query.trashed) lists.push("lists.trashed_at is null")

  const filters: string[] = []
  if (query.priority !== undefined)
    filters.push(`todos.priority = any(${parameter(`{${query.priority}}`)}::priority[])`)
  if (query.dueFrom !== undefined) filters.push(`todos.due_date >= ${parameter(query.dueFrom)}::date`)
  if (query.dueTo !== undefined) filters.push(`todos.due_date <= ${parameter(query.dueTo)}::date`)
  if (query.text !== undefined) filters.push(`todos.search like containing(${parameter(query.text)})`)

  const after = (key: string, id: string) =>
    `(${sort.key}, todos.id) ${beyond} (${key}::${sort.type}, ${id}::uuid)`
  let branches: string[][]
  if (query.trashed) {
    if (query.completed !== undefined) filters.push(`todos.is_completed = ${query.completed}`)
    branches = [["list.trashed_at is null", "todos.trashed_at is not null"], ["list.trashed_at is not null"]]
  } else {
    const completions = query.completed === undefined ? [false, true] : [query.completed]
    branches = completions.map((completed) => [
      "todos.trashed_at is null",
      `todos.is_completed = ${completed}`,
    ])
  }
  if (byList && place) {
    const [listPosition, cursorList, position, id] = place.map(parameter) as [string, string, string, string]
    lists.push(
      `(memberships.position, lists.id) ${beyond}= (${listPosition}::text collate "C", ${cursorList}::uuid)`,
    )
    branches = branches.flatMap((branch) => [
      [...branch, `list.id = ${cursorList}::uuid`, after(position, id)],
      [...branch, `list.id <> ${cursorList}::uuid`],
    ])
  } else if (sort.nullable) {
    const id = place && parameter(place[1])
    const key = place && place[0] !== null && parameter(place[0])
    branches = branches.flatMap((branch) => {
      const withValue = [...branch, `${sort.key} is not null`]
      const without = [...branch, `${sort.key} is null`]
      if (!id) return [withValue, without]
      return key
        ? [[...withValue, after(key, id)], without]
        : [[...without, `todos.id ${beyond} ${id}::uuid`]]
    })
  } else if (place) {
    const [key, id] = place.map(parameter) as [string, string]
    branches = branches.map((branch) => [...branch, after(key, id)])
  }

  const columns = COLUMNS.map((column) => `todos.${column}`).join(", ")
  const ordered = (table: string) =>
    `order by ${table}.key ${direction}${sort.nullable ? " nulls last" : ""}, ${table}.id ${direction} limit ${most}`
  const merged = (list: string, selected: string) =>
    `(select * from (${branches
      .map(
        (branch) => `(
          select ${selected}, ${sort.key} as key from todos
          where ${[`todos.list_id = ${list}`, ...branch, ...filters].join(" and ")}
          order by ${sort.key} ${direction}, todos.id ${direction} limit ${most})`,
      )
      .join(" union all ")}) todos ${ordered("todos")}) todos`
  const membership = `from memberships join lists on lists.id = memberships.space_id where ${lists.join(" and ")}`
  if (listId && !query.trashed)
    return {
      parameters,
      text: `
        select ${columns}, todos.key, todos.id from ${merged(listId, columns)}
        where exists (select 1 ${membership}) ${ordered("todos")}`,
    }
  const ownLists = `(select lists.id, lists.trashed_at, memberships.position ${membership}) list`
  if (byList)
    return {
      parameters,
      text: `
        select ${columns}, list.position, list.id, todos.key, todos.id
        from ${ownLists} cross join lateral ${merged("list.id", columns)}
        order by list.position ${direction}, list.id ${direction}, todos.key ${direction}, todos.id ${direction}
        limit ${most}`,
    }
  return {
    parameters,
    text: `
      select ${columns}, page.key, page.id
      from (
        select todos.key, todos.id
        from ${ownLists} cross join lateral ${merged("list.id", "todos.id")} ${ordered("todos")}
      ) page
      join todos on todos.id = page.id ${ordered("page")}`,
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const isText = (value: string) => /^[^\0]{0,200}$/u.test(value)
const IS_VALUE: Record<(typeof SORTS)[keyof typeof SORTS]["type"], (value: string) => boolean> = {
  text: isText,
  date: isCalendarDate,
  priority: (value) => (PRIORITIES as readonly string[]).includes(value),
  timestamptz: (value) => !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value,
}

/** Whether a cursor's values are of the types that the statement casts them to. */
function isPlace(place: Place, sort: (typeof SORTS)[keyof typeof SORTS], byList: boolean): boolean {
  const isUuid = (value: string) => UUID.test(value)
  const checks = byList ? [isText, isUuid, isText, isUuid] : [IS_VALUE[sort.type], isUuid]
  return (
    place.length === checks.length &&
    place.every((value, index) =>
      value === null ? index === 0 && sort.nullable : typeof value === "string" && checks[index]!(value),
    )
  )
}
