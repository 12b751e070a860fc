import { creationDigest } from "../creation-digest.ts"
import type { Fragment, Sql } from "../database/connect.ts"
import { raisedIn } from "../database/transactions.ts"
import { requireMatch } from "../entity-tags.ts"
import { POSITION_LONG, respread } from "../lists/ordering.ts"
import { positionBetween } from "../lists/position-between.ts"
import { Problem } from "../problems.ts"
import { type RaisedSpace, raiseRev, raiseRevs } from "../spaces/queries.ts"
import { multiLine, singleLine } from "../text.ts"
import type { NewTodo, Todo, TodoChange, TodoFields } from "./shapes.ts"

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

/** Those of the todos `ids` that are in lists the account is a member of. */
export async function todosAmong(sql: Sql, accountId: string, ids: string[]): Promise<Todo[]> {
  return sql<Todo[]>`
    select ${columns(sql)} from todos
    join memberships on memberships.space_id = todos.list_id
    where todos.id = any(${ids}) and memberships.account_id = ${accountId}`
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
  // A UUID may be written in upper case; compared as the database writes it.
  const listId = fields.listId?.toLowerCase() ?? (await inboxOf(sql, accountId))
  const id = fields.id ?? Bun.randomUUIDv7()
  const digest = creationDigest(fields)
  const [space, place] = await lockForArrival(sql, accountId, [listId], listId)
  const position = fields.position ?? positionBetween(place.lastPosition, null)
  const [todo] = await sql<Todo[]>`
    with created as (
      insert into todos (id, list_id, title, notes, priority, due_date, position, creation_digest, rev)
      values (${id}, ${listId}, ${singleLine(fields.title)}, ${multiLine(fields.notes ?? "")},
        ${fields.priority ?? "none"}, ${fields.dueDate ?? null}, ${position}, ${digest}, ${space.rev})
      on conflict (id) do nothing
      returning *
    ), counted as (
      update spaces set size = size + 1 where id = ${listId} and exists (select 1 from created)
    ), revived as (
      delete from tombstones where space_id = ${listId} and entity = 'todo' and row_id = ${id}
        and exists (select 1 from created)
    )
    select ${columns(sql)} from created todos`
  if (todo) return { todo: await withShortPosition(sql, todo), created: true }
  const [earlier] = await sql<Todo[]>`
    select ${columns(sql)} from todos
    join memberships on memberships.space_id = todos.list_id
    where todos.id = ${id} and memberships.account_id = ${accountId} and todos.creation_digest = ${digest}`
  if (!earlier) throw Problem.conflict("id-taken", "Something else has this id.")
  return { todo: earlier, created: false }
}

async function inboxOf(sql: Sql, accountId: string): Promise<string> {
  const [inbox] = await sql<{ id: string }[]>`
    select lists.id from memberships
    join lists on lists.id = memberships.space_id
    where memberships.account_id = ${accountId} and lists.is_inbox`
  if (!inbox) throw Problem.notFound("list")
  return inbox.id
}

type Place = { trashedAt: string | null; lastPosition: string | null }

/** Raises the revs of `spaceIds` and looks, under their locks, at the list that a todo is to come into. */
async function lockForArrival(
  sql: Sql,
  accountId: string,
  spaceIds: [string, ...string[]],
  listId: string,
): Promise<[RaisedSpace, Place]> {
  const [spaces, [place]] = await Promise.all([
    raiseRevs(sql, accountId, spaceIds, "list"),
    sql<[Place]>`
      select trashed_at, greatest(
        ${lastPosition(sql, listId, sql`trashed_at is null and not is_completed`)},
        ${lastPosition(sql, listId, sql`trashed_at is null and is_completed`)},
        ${lastPosition(sql, listId, sql`trashed_at is not null`)}) as last_position
      from lists where id = ${listId}`,
  ])
  const space = spaces.find(({ id }) => id === listId)!
  if (place.trashedAt) throw listIsTrashed()
  if (space.size >= TODOS_MAXIMUM)
    throw Problem.conflict("list-is-full", `A list holds at most ${TODOS_MAXIMUM} todos.`)
  return [space, place]
}

const lastPosition = (sql: Sql, listId: string, which: Fragment) =>
  sql`(select position from todos where list_id = ${listId} and ${which} order by position desc, id desc limit 1)`

/** Changes the fields that are given; `listId` moves the todo. Call it in a transaction. */
export const editTodo = (
  sql: Sql,
  accountId: string,
  id: string,
  change: TodoChange,
  ifMatch?: string | null,
) => changeTodo(sql, accountId, id, change, ifMatch)

/** Marks the todo completed now, or leaves the moment when it first was. Call it in a transaction. */
export const completeTodo = (sql: Sql, accountId: string, id: string) =>
  changeTodo(sql, accountId, id, { completedAt: "now" })

/** Opens the todo again. Call it in a transaction. */
export const reopenTodo = (sql: Sql, accountId: string, id: string) =>
  changeTodo(sql, accountId, id, { completedAt: null })

/** Moves the todo to the trash, from where it can be restored for 30 days. Call it in a transaction. */
export const trashTodo = (sql: Sql, accountId: string, id: string, ifMatch?: string | null) =>
  changeTodo(sql, accountId, id, { trashedAt: "now" }, ifMatch)

/** Takes the todo out of the trash, to where it was. Call it in a transaction. */
export const restoreTodo = (sql: Sql, accountId: string, id: string) =>
  changeTodo(sql, accountId, id, { trashedAt: null })

/**
 * Changes the fields that are given, all or none, with one rev. `completedAt` is a moment of the caller's, which is held
 * between the todo's creation and now, since a device's clock may be off by days; `trashedAt` is always now, which
 * the 30 days begin at. A todo that is in that state already keeps its moment. Call it in a transaction.
 */
export async function changeTodo(
  sql: Sql,
  accountId: string,
  id: string,
  { listId, completedAt, trashedAt, ...given }: TodoFields,
  ifMatch?: string | null,
): Promise<Todo> {
  const fields: Fields = { ...given }
  if (given.title !== undefined) fields.title = singleLine(given.title)
  if (given.notes !== undefined) fields.notes = multiLine(given.notes)
  if (completedAt !== undefined)
    fields.completedAt =
      completedAt && sql`coalesce(todos.completed_at, ${completionMoment(sql, completedAt)})`
  if (trashedAt !== undefined) fields.trashedAt = trashedAt && sql`coalesce(todos.trashed_at, now())`
  const matters = sql`(${Object.keys(given).length > 0}
    or ${completedAt === undefined ? false : sql`(todos.completed_at is null) = ${completedAt !== null}`}
    or ${trashedAt === undefined ? false : sql`(todos.trashed_at is null) = ${trashedAt !== null}`})`
  const todo = listId
    ? await move(sql, accountId, id, listId, { fields, matters }, ifMatch)
    : await write(sql, accountId, id, { fields, matters }, ifMatch)
  return given.position === undefined ? todo : withShortPosition(sql, todo)
}

const completionMoment = (sql: Sql, moment: string) =>
  moment === "now" ? sql`now()` : sql`least(now(), greatest(todos.created_at, ${moment}::timestamptz))`

type Fields = Record<string, unknown>
/** New values, and the condition that they are any others than a todo has. */
type Edit = { fields: Fields; matters: Fragment }

/**
 * The one way a todo is changed where it is: raises its space's rev, and under that lock writes what there is to write,
 * with that rev. A transaction raises a space once for all it writes so. What is in a trashed list comes back as it went,
 * so nothing there is changed.
 */
async function write(
  sql: Sql,
  accountId: string,
  id: string,
  edit: Edit,
  ifMatch?: string | null,
): Promise<Todo> {
  const already = raisedIn(sql)
  const quick = already.size > 0 && (await update(sql, id, edit, already))
  if (quick) return quick
  const [space, written] = await Promise.all([
    raiseRev(sql, accountId, sql`(select list_id from todos where id = ${id})`),
    // Sent together with it, and done when it is: whoever waits for the lock does so for a round trip less.
    ifMatch ? undefined : updateRaised(sql, id, edit),
  ])
  if (written) return written
  if (!space) {
    // Tells which: there is no such todo, or it may not be changed.
    const { listId } = await getTodo(sql, accountId, id)
    await raiseRevs(sql, accountId, [listId], "todo")
  } else {
    if (ifMatch) requireMatch(ifMatch, (await getTodo(sql, accountId, id)).rev)
    const todo = await update(sql, id, edit, new Map([[space.id, space.rev]]))
    if (todo) return todo
    const [found] = await readUnderLock(sql, id)
    if (!found) throw Problem.notFound("todo")
    const { listTrashedAt, ...unchanged } = found
    if (listTrashedAt) throw listIsTrashed()
    if (unchanged.listId === space.id) return unchanged
  }
  // Moved since it was first looked at; the lock is on the list that it left.
  return write(sql, accountId, id, edit, ifMatch)
}

/** Writes to the todo where that matters, if it is in one of the spaces `raised` (their revs) and the list is not trashed. */
async function update(
  sql: Sql,
  id: string,
  { fields, matters }: Edit,
  raised: ReadonlyMap<string, number>,
): Promise<Todo | undefined> {
  const [todo] = await sql<Todo[]>`
    update todos set ${sql({ ...fields, updatedAt: sql`now()` } as never)}, rev = raised.rev
    from unnest(${[...raised.keys()]}::uuid[], ${[...raised.values()]}::bigint[]) as raised (id, rev)
    join lists on lists.id = raised.id
    where todos.id = ${id} and todos.list_id = raised.id and lists.trashed_at is null and ${matters}
    returning ${columns(sql)}`
  return todo
}

/**
 * The same for a todo in the one space whose rev the statement before has raised: the row of `spaces` is then this
 * transaction's own, unless that was in a savepoint.
 */
async function updateRaised(sql: Sql, id: string, { fields, matters }: Edit): Promise<Todo | undefined> {
  const [todo] = await sql<Todo[]>`
    update todos set ${sql({ ...fields, updatedAt: sql`now()` } as never)}, rev = spaces.rev
    from spaces join lists on lists.id = spaces.id
    where todos.id = ${id} and todos.list_id = spaces.id and spaces.xmin = pg_current_xact_id()::xid
      and lists.trashed_at is null and ${matters}
    returning ${columns(sql)}`
  return todo
}

const readUnderLock = (sql: Sql, id: string) => sql<(Todo & { listTrashedAt: string | null })[]>`
  select ${columns(sql)}, lists.trashed_at as list_trashed_at
  from todos join lists on lists.id = todos.list_id
  where todos.id = ${id}`

/** Moves the todo, changed by `edit`, to the end of `listId`, or to the position that it names. */
async function move(
  sql: Sql,
  accountId: string,
  id: string,
  listId: string,
  edit: Edit,
  ifMatch?: string | null,
): Promise<Todo> {
  const from = (await getTodo(sql, accountId, id)).listId
  const to = listId.toLowerCase()
  if (from === to) return write(sql, accountId, id, edit, ifMatch)
  const [space, place] = await lockForArrival(sql, accountId, [from, to], to)
  const [found] = await readUnderLock(sql, id)
  if (!found) throw Problem.notFound("todo")
  if (found.listId !== from) return move(sql, accountId, id, listId, edit, ifMatch)
  if (found.listTrashedAt) throw listIsTrashed()
  requireMatch(ifMatch, found.rev)
  const position = edit.fields.position ?? positionBetween(place.lastPosition, null)
  const fields = { ...edit.fields, position, listId: to, rev: space.rev, updatedAt: sql`now()` }
  const [[todo]] = await Promise.all([
    sql<[Todo]>`update todos set ${sql(fields as never)} where id = ${id} returning ${columns(sql)}`,
    // For the clients that hold it where it was; where it came, an earlier departure is over.
    sql`
      insert into tombstones (space_id, entity, row_id, rev) values (${from}, 'todo', ${id}, ${space.rev})
      on conflict (space_id, entity, row_id) do update set rev = excluded.rev, deleted_at = now()`,
    sql`delete from tombstones where space_id = ${to} and entity = 'todo' and row_id = ${id}`,
    sql`update spaces set size = size + case id when ${to} then 1 else -1 end where id in ${sql([from, to])}`,
  ])
  return todo
}

/**
 * Where a position has grown long, gives the todos around it shorter ones, with the same rev. Once in hundreds
 * of moves into one place.
 */
async function withShortPosition(sql: Sql, todo: Todo): Promise<Todo> {
  if (todo.position.length <= POSITION_LONG) return todo
  const list = await sql<{ id: string; position: string }[]>`
    select id, position from todos where list_id = ${todo.listId} order by position, id`
  const { start, positions } = respread(
    list.map(({ position }) => position),
    list.findIndex(({ id }) => id === todo.id),
  )
  const ids = list.slice(start, start + positions.length).map(({ id }) => id)
  await sql`
    update todos set position = short.position, rev = ${todo.rev}
    from unnest(${ids}::uuid[], ${positions}::text[]) as short(id, position)
    where todos.id = short.id`
  return { ...todo, position: positions[ids.indexOf(todo.id)]! }
}

const listIsTrashed = () =>
  Problem.conflict("list-is-trashed", "The list is in the trash. Restore the list first.")
