import { creationDigest } from "../creation-digest.ts"
import type { Sql } from "../database/connect.ts"
import { requireMatch } from "../entity-tags.ts"
import { positionBetween } from "../lists/ordering.ts"
import { Problem } from "../problems.ts"
import { raiseRevs } from "../spaces/queries.ts"
import { multiLine, singleLine } from "../text.ts"
import type { NewTodo, Todo, TodoChange } from "./shapes.ts"

/** Most todos a list holds, completed and trashed ones included. */
export const TODOS_MAXIMUM = 100_000

const columns = (sql: Sql) => sql`
  todos.id, todos.list_id, todos.title, todos.notes, todos.priority, todos.due_date, todos.position,
  todos.completed_at, todos.trashed_at, todos.rev, todos.created_at, todos.updated_at`

/** One of the account's todos, in the trash or not. Another person's is not found. */
export async function getTodo(sql: Sql, accountId: string, id: string): Promise<Todo> {
  const [todo] = await sql<Todo[]>`
    select ${columns(sql)} from todos
    join memberships on memberships.space_id = todos.list_id
    where todos.id = ${id} and memberships.account_id = ${accountId}`
  if (!todo) throw Problem.notFound("todo")
  return todo
}

/**
 * Creates a todo, at the end of its list (the Inbox, if none is named) unless `position` says where. Call it
 * in a transaction. The same creation sent again gives the todo as it is now, and `created: false`.
 */
export async function createTodo(
  sql: Sql,
  accountId: string,
  fields: NewTodo,
): Promise<{ todo: Todo; created: boolean }> {
  const listId = fields.listId ?? (await inboxOf(sql, accountId))
  const id = fields.id ?? Bun.randomUUIDv7()
  const digest = creationDigest(fields)
  const [[space], [list]] = await Promise.all([
    raiseRevs(sql, accountId, [listId]),
    sql<{ trashedAt: string | null; lastPosition: string | null }[]>`
      select trashed_at, (
        select position from todos where list_id = ${listId} and trashed_at is null order by position desc limit 1
      ) as last_position
      from lists where id = ${listId}`,
  ])
  if (!space || !list) throw Problem.notFound("list")
  if (list.trashedAt) throw listIsTrashed()
  if (space.size >= TODOS_MAXIMUM) throw tooManyTodos()
  const [todo] = await sql<Todo[]>`
    insert into todos (id, list_id, title, notes, priority, due_date, position, creation_digest, rev)
    values (${id}, ${listId}, ${singleLine(fields.title)}, ${multiLine(fields.notes ?? "")}, ${fields.priority ?? "none"},
      ${fields.dueDate ?? null}, ${fields.position ?? positionBetween(list.lastPosition, null)}, ${digest}, ${space.rev})
    on conflict (id) do nothing
    returning ${columns(sql)}`
  if (todo) {
    await sql`update spaces set size = size + 1 where id = ${listId}`
    return { todo, created: true }
  }
  const [earlier] = await sql<Todo[]>`
    select ${columns(sql)} from todos
    join memberships on memberships.space_id = todos.list_id
    where todos.id = ${id} and memberships.account_id = ${accountId} and todos.creation_digest = ${digest}`
  if (!earlier) throw Problem.conflict("id-taken", "Something else has this id.")
  return { todo: earlier, created: false }
}

async function inboxOf(sql: Sql, accountId: string): Promise<string> {
  const [inbox] = await sql<[{ id: string }]>`
    select lists.id from lists
    join memberships on memberships.space_id = lists.id
    where memberships.account_id = ${accountId} and lists.is_inbox`
  return inbox.id
}

/** Changes the fields that are given; `listId` moves the todo. Call it in a transaction. */
export async function editTodo(
  sql: Sql,
  accountId: string,
  id: string,
  change: TodoChange,
  ifMatch?: string | null,
): Promise<Todo> {
  return write(sql, accountId, id, { ifMatch, moveTo: change.listId }, (_todo, rev) => ({
    ...(change.title === undefined ? {} : { title: singleLine(change.title) }),
    ...(change.notes === undefined ? {} : { notes: multiLine(change.notes) }),
    ...(change.priority === undefined ? {} : { priority: change.priority }),
    ...(change.dueDate === undefined ? {} : { dueDate: change.dueDate }),
    ...(change.position === undefined ? {} : { position: change.position }),
    rev,
  }))
}

type Fields = Record<string, unknown>

/**
 * The one way a todo is changed: raises the revs of its space, and of the one it moves to, reads the todo as it
 * is under that lock, and writes what `next` makes of it; null leaves it as it is.
 */
async function write(
  sql: Sql,
  accountId: string,
  id: string,
  { ifMatch, moveTo }: { ifMatch?: string | null; moveTo?: string },
  next: (todo: Todo, rev: number) => Fields | null,
): Promise<Todo> {
  const { listId } = await getTodo(sql, accountId, id)
  const destination = moveTo ?? listId
  const [spaces, [todo], trashedLists, [last]] = await Promise.all([
    raiseRevs(sql, accountId, [...new Set([listId, destination])]),
    sql<Todo[]>`select ${columns(sql)} from todos where id = ${id} and list_id = ${listId}`,
    sql`select 1 from lists where id in ${sql([listId, destination])} and trashed_at is not null`,
    sql<{ position: string }[]>`
      select position from todos where list_id = ${destination} and trashed_at is null order by position desc limit 1`,
  ])
  const space = spaces.find((space) => space.id === destination)
  if (!space) throw Problem.notFound("list")
  if (!todo) throw Problem.notFound("todo")
  if (trashedLists.length > 0) throw listIsTrashed()
  requireMatch(ifMatch, todo.rev)
  const fields = next(todo, space.rev)
  if (!fields) return todo
  const moves = destination !== listId
  if (moves) {
    if (space.size >= TODOS_MAXIMUM) throw tooManyTodos()
    fields.listId = destination
    fields.position ??= positionBetween(last?.position ?? null, null)
    await leave(sql, listId, destination, id, space.rev)
  }
  const [written] = await sql<[Todo]>`
    update todos set ${sql(fields as never)}, updated_at = now() where id = ${id} returning ${columns(sql)}`
  return written
}

/** Leaves a tombstone where the todo was, for the clients that hold it there, and takes away one it left before. */
async function leave(sql: Sql, from: string, to: string, todoId: string, rev: number) {
  await Promise.all([
    sql`
      insert into tombstones (space_id, entity, row_id, rev) values (${from}, 'todo', ${todoId}, ${rev})
      on conflict (space_id, entity, row_id) do update set rev = excluded.rev, deleted_at = now()`,
    sql`delete from tombstones where space_id = ${to} and entity = 'todo' and row_id = ${todoId}`,
    sql`update spaces set size = size + case id when ${to} then 1 else -1 end where id in ${sql([from, to])}`,
  ])
}

/** Marks the todo completed now, or leaves the moment when it first was. Call it in a transaction. */
export const completeTodo = (sql: Sql, accountId: string, id: string) =>
  write(sql, accountId, id, {}, (todo, rev) => (todo.completedAt ? null : { completedAt: sql`now()`, rev }))

/** Opens the todo again. Call it in a transaction. */
export const reopenTodo = (sql: Sql, accountId: string, id: string) =>
  write(sql, accountId, id, {}, (todo, rev) => (todo.completedAt ? { completedAt: null, rev } : null))

/** Moves the todo to the trash, from where it can be restored for 30 days. Call it in a transaction. */
export const trashTodo = (sql: Sql, accountId: string, id: string, ifMatch?: string | null) =>
  write(sql, accountId, id, { ifMatch }, (todo, rev) =>
    todo.trashedAt ? null : { trashedAt: sql`now()`, rev },
  )

/** Takes the todo out of the trash, to where it was. Call it in a transaction. */
export const restoreTodo = (sql: Sql, accountId: string, id: string) =>
  write(sql, accountId, id, {}, (todo, rev) => (todo.trashedAt ? { trashedAt: null, rev } : null))

const listIsTrashed = () =>
  Problem.conflict("list-is-trashed", "The list is in the trash. Restore the list first.")

const tooManyTodos = () => Problem.conflict("list-is-full", `A list holds at most ${TODOS_MAXIMUM} todos.`)
