import type { Place } from "../cursors.ts"
import { COLUMNS } from "./rows.ts"
import type { TodosQuery } from "./shapes.ts"
import { isByList, type Sort, sortOf } from "./sorts.ts"

const columns = COLUMNS.map((column) => `todos.${column}`).join(", ")

/** Takes a value and gives the placeholder that stands for it. */
type Parameter = (value: unknown) => string

/** Conditions that together make one contiguous range of an index within a list. */
type Branch = string[]

/**
 * The statement for the `limit` todos that follow `place`, and its parameters. A listing is cut into branches, each
 * a contiguous range of one index: per list, per open or completed, per with or without the sort's value. Every
 * branch gives at most a page, in order, and the pages are merged: the cost is that of the page and of the number of
 * lists, not of the number of todos (docs/decisions/0010-listings-by-index.md).
 */
export function listingStatement(
  accountId: string,
  query: TodosQuery,
  place: Place | null,
  limit: number,
): { text: string; parameters: unknown[] } {
  const parameters: unknown[] = []
  const parameter: Parameter = (value) => `$${parameters.push(value)}`
  const sort = sortOf(query)
  const direction = query.direction === "descending" ? "desc" : "asc"
  const most = parameter(limit)
  const membership = `from memberships join lists on lists.id = memberships.space_id
    where ${listConditions(accountId, query, place, parameter).join(" and ")}`
  const filters = todoFilters(query, parameter)
  const branches = branchesOf(query, place, parameter)

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

  if (query.listId !== undefined && !query.trashed) {
    const text = `
      select ${columns}, todos.key, todos.id from ${merged(parameter(query.listId), columns)}
      where exists (select 1 ${membership}) ${ordered("todos")}`
    return { text, parameters }
  }
  const lists = `(select lists.id, lists.trashed_at, memberships.position ${membership}) list`
  if (isByList(query)) {
    const text = `
      select ${columns}, list.position, list.id, todos.key, todos.id
      from ${lists} cross join lateral ${merged("list.id", columns)}
      order by list.position ${direction}, list.id ${direction}, todos.key ${direction}, todos.id ${direction}
      limit ${most}`
    return { text, parameters }
  }
  // Every list's page is merged before the rows are fetched: most are left out, and the keys are in the index.
  const text = `
    select ${columns}, page.key, page.id
    from (
      select todos.key, todos.id
      from ${lists} cross join lateral ${merged("list.id", "todos.id")} ${ordered("todos")}
    ) page
    join todos on todos.id = page.id ${ordered("page")}`
  return { text, parameters }
}

/** Which lists are looked through: the account's own, and from the cursor's on. */
function listConditions(
  accountId: string,
  query: TodosQuery,
  place: Place | null,
  parameter: Parameter,
): string[] {
  const conditions = [`memberships.account_id = ${parameter(accountId)}`]
  if (query.listId !== undefined) conditions.push(`lists.id = ${parameter(query.listId)}`)
  else if (!query.trashed) conditions.push("lists.archived_at is null")
  if (!query.trashed) conditions.push("lists.trashed_at is null")
  if (place && isByList(query)) {
    const [position, id] = place.slice(0, 2).map(parameter)
    conditions.push(
      `(memberships.position, lists.id) ${beyond(query)}= (${position}::text collate "C", ${id}::uuid)`,
    )
  }
  return conditions
}

function todoFilters(query: TodosQuery, parameter: Parameter): string[] {
  const filters: string[] = []
  if (query.priority !== undefined)
    filters.push(`todos.priority = any(${parameter(`{${query.priority}}`)}::priority[])`)
  if (query.dueFrom !== undefined) filters.push(`todos.due_date >= ${parameter(query.dueFrom)}::date`)
  if (query.dueTo !== undefined) filters.push(`todos.due_date <= ${parameter(query.dueTo)}::date`)
  if (query.text !== undefined) filters.push(`todos.search like containing(${parameter(query.text)})`)
  if (query.trashed && query.completed !== undefined) filters.push(`todos.is_completed = ${query.completed}`)
  return filters
}

function branchesOf(query: TodosQuery, place: Place | null, parameter: Parameter): Branch[] {
  const sort = sortOf(query)
  const branches = query.trashed ? trashBranches() : completionBranches(query)
  if (isByList(query)) return place ? afterInList(branches, query, sort, place, parameter) : branches
  if (sort.nullable) return withAndWithoutValue(branches, query, sort, place, parameter)
  if (!place) return branches
  const condition = after(query, sort, place.map(parameter))
  return branches.map((branch) => [...branch, condition])
}

const trashBranches = (): Branch[] => [
  ["list.trashed_at is null", "todos.trashed_at is not null"],
  ["list.trashed_at is not null"],
]

const completionBranches = ({ completed }: TodosQuery): Branch[] =>
  (completed === undefined ? [false, true] : [completed]).map((completed) => [
    "todos.trashed_at is null",
    `todos.is_completed = ${completed}`,
  ])

/** In the cursor's list what follows it, in the lists after that everything. */
function afterInList(
  branches: Branch[],
  query: TodosQuery,
  sort: Sort,
  [, listId, ...inList]: Place,
  parameter: Parameter,
): Branch[] {
  const list = parameter(listId)
  const condition = after(query, sort, inList.map(parameter))
  return branches.flatMap((branch) => [
    [...branch, `list.id = ${list}::uuid`, condition],
    [...branch, `list.id <> ${list}::uuid`],
  ])
}

/** What has no value comes after all that has one. */
function withAndWithoutValue(
  branches: Branch[],
  query: TodosQuery,
  sort: Sort,
  place: Place | null,
  parameter: Parameter,
): Branch[] {
  const having = (condition: string, ...more: string[]) =>
    branches.map((branch) => [...branch, `${sort.key} is ${condition}`, ...more])
  // An index has what lacks a value at its end, which is where it is wanted as long as it is read forwards.
  if (!place && query.direction !== "descending") return branches
  if (!place) return [...having("not null"), ...having("null")]
  if (place[0] !== null)
    return [...having("not null", after(query, sort, place.map(parameter))), ...having("null")]
  return having("null", `todos.id ${beyond(query)} ${parameter(place[1])}::uuid`)
}

const after = (query: TodosQuery, sort: Sort, [key, id]: string[]) =>
  `(${sort.key}, todos.id) ${beyond(query)} (${key}::${sort.type}, ${id}::uuid)`

const beyond = (query: TodosQuery) => (query.direction === "descending" ? "<" : ">")
