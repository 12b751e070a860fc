import { cursorAt, type Place, placeOf } from "../cursors.ts"
import type { Pool } from "../database/connect.ts"
import type { Todo, TodoPage, TodosQuery } from "./shapes.ts"

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
 * The listing is cut into branches, each a contiguous range of one index: per list, per open or completed, per
 * with or without the sort's value. Every branch gives at most a page, in order, and the pages are merged: the
 * cost is that of the page and of the number of lists, not of the number of todos.
 */
function listingStatement(accountId: string, query: TodosQuery, limit: number) {
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

  const account = parameter(accountId)
  const most = parameter(limit + 1)
  const lists = [`memberships.account_id = ${account}`]
  if (query.listId !== undefined) lists.push(`lists.id = ${parameter(query.listId)}`)
  if (!query.trashed) {
    lists.push("lists.trashed_at is null")
    if (query.listId === undefined) lists.push("lists.archived_at is null")
  }

  const filters: string[] = []
  if (query.priority !== undefined)
    filters.push(`todos.priority = any(${parameter(`{${query.priority}}`)}::priority[])`)
  if (query.dueFrom !== undefined) filters.push(`todos.due_date >= ${parameter(query.dueFrom)}::date`)
  if (query.dueTo !== undefined) filters.push(`todos.due_date <= ${parameter(query.dueTo)}::date`)
  if (query.text !== undefined) filters.push(`todos.search like containing(${parameter(query.text)})`)

  let branches: string[][]
  if (query.trashed) {
    if (query.completed !== undefined) filters.push(`todos.is_completed = ${query.completed}`)
    branches = [["list.trashed_at is null", "todos.trashed_at is not null"], ["list.trashed_at is not null"]]
  } else {
    branches = (query.completed === undefined ? [false, true] : [query.completed]).map((completed) => [
      "todos.trashed_at is null",
      `todos.is_completed = ${completed}`,
    ])
  }

  if (place && byList) {
    const [listPosition, listId, position, id] = place.map(parameter)
    const cursorList = `list.id = ${listId}::uuid`
    lists.push(
      `(memberships.position, lists.id) ${beyond}= (${listPosition}::text collate "C", ${listId}::uuid)`,
    )
    branches = branches.flatMap((branch) => [
      [...branch, cursorList, `(todos.position, todos.id) ${beyond} (${position}::text, ${id}::uuid)`],
      [...branch, `not ${cursorList}`],
    ])
  } else if (sort.nullable) {
    const id = place && parameter(place[1])
    const key = place && place[0] !== null && parameter(place[0])
    const withValue = key ? [`(${sort.key}, todos.id) ${beyond} (${key}::${sort.type}, ${id}::uuid)`] : []
    const withoutValue = place && !key ? [`todos.id ${beyond} ${id}::uuid`] : []
    branches = branches.flatMap((branch) => [
      ...(place && !key ? [] : [[...branch, `${sort.key} is not null`, ...withValue]]),
      [...branch, `${sort.key} is null`, ...withoutValue],
    ])
  } else if (place) {
    const [key, id] = place.map(parameter)
    branches = branches.map((branch) => [
      ...branch,
      `(${sort.key}, todos.id) ${beyond} (${key}::${sort.type}, ${id}::uuid)`,
    ])
  }

  const columns = COLUMNS.map((column) => `todos.${column}`).join(", ")
  const scans = branches.map(
    (branch) => `(
      select ${columns}, ${sort.key} as key from todos
      where ${["todos.list_id = list.id", ...branch, ...filters].join(" and ")}
      order by ${sort.key} ${direction}, todos.id ${direction}
      limit ${most})`,
  )
  const keys = byList ? "list.position, list.id, todos.position, todos.id" : "todos.key, todos.id"
  const order = byList
    ? keys.replaceAll(/(,|$)/g, ` ${direction}$1`)
    : `todos.key ${direction} nulls last, todos.id ${direction}`
  const text = `
    select ${columns}, ${keys}
    from (
      select lists.id, lists.trashed_at, memberships.position
      from memberships join lists on lists.id = memberships.space_id
      where ${lists.join(" and ")}
    ) list
    cross join lateral (${scans.join(" union all ")}) todos
    order by ${order}
    limit ${most}`
  return { text, parameters }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const VALUES = {
  text: /^[^\0]{0,200}$/u,
  date: /^\d{4}-\d{2}-\d{2}$/,
  priority: /^(none|low|medium|high)$/,
  timestamptz: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
}

/** Whether a cursor's values are of the types that the statement casts them to. */
function isPlace(place: Place, sort: (typeof SORTS)[keyof typeof SORTS], byList: boolean): boolean {
  const patterns = byList ? [VALUES.text, UUID, VALUES.text, UUID] : [VALUES[sort.type], UUID]
  return (
    place.length === patterns.length &&
    place.every((value, index) =>
      value === null
        ? index === 0 && sort.nullable
        : typeof value === "string" && patterns[index]!.test(value),
    )
  )
}
