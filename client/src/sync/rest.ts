import { client, unwrap } from "../api/client.ts"
import { ApiProblem, NetworkFailure } from "../api/problem.ts"
import type { Outcome } from "./outbox.ts"
import type { Page, Query, Remote } from "./remote.ts"
import type { Entity, Entry, List, Op, Row, Todo } from "./rows.ts"

/** How often an op is tried that the server fails at (500), before it counts as refused. */
const TRIES = 3

/** The server by its REST routes: each op is one or more requests, each of which may be sent again. */
export function restRemote(): Remote {
  const failures = new WeakMap<Op, number>()

  async function send(op: Op): Promise<Outcome> {
    try {
      const row = op.entity === "list" ? await sendList(op) : await sendTodo(op)
      return { kind: "taken", row }
    } catch (error) {
      return outcomeOf(error, op)
    }
  }

  function outcomeOf(error: unknown, op: Op): Outcome {
    if (error instanceof NetworkFailure) return { kind: "later", offline: true }
    if (!(error instanceof ApiProblem)) return { kind: "refused", problem: error }
    const afterMs = error.retryAfter === null ? undefined : error.retryAfter * 1000
    if (error.status === 401) return { kind: "signed-out" }
    if (error.status === 429) return { kind: "later", afterMs, offline: false }
    if (error.status > 500) return { kind: "later", afterMs, offline: true }
    if (error.status === 500) {
      const failed = (failures.get(op) ?? 0) + 1
      failures.set(op, failed)
      if (failed < TRIES) return { kind: "later", offline: false }
    }
    return { kind: "refused", problem: error }
  }

  return { send, page }
}

async function sendTodo({ key, fields, creates }: Op & { entity: "todo" }): Promise<Row | undefined> {
  const { completedAt, trashedAt, ...rest } = fields
  const todo = client.api.todos({ id: key })
  if (creates) {
    const { listId, title, notes, priority, dueDate, position } = rest
    const body = { id: key, listId, title: title ?? "", notes, priority, dueDate, position }
    return unwrap(client.api.todos.post(body))
  }
  let row: Row | undefined
  if (trashedAt === null) row = await unwrap(todo.restoration.put())
  if (Object.keys(rest).length > 0) row = await unwrap(todo.patch(rest))
  if (completedAt) row = await unwrap(todo.completion.put())
  if (completedAt === null) row = await unwrap(todo.completion.delete())
  if (!trashedAt) return row
  await unwrap(todo.delete())
  return undefined
}

async function sendList({ key, fields, creates }: Op & { entity: "list" }): Promise<Row | undefined> {
  const { archivedAt, trashedAt, ...rest } = fields
  const list = client.api.lists({ id: key })
  if (creates) {
    const { name, colour, position } = rest
    return unwrap(client.api.lists.post({ id: key, name: name ?? "", colour, position }))
  }
  let row: Row | undefined
  if (trashedAt === null) row = await unwrap(list.restoration.put())
  if (Object.keys(rest).length > 0) row = await unwrap(list.patch(rest))
  if (archivedAt) row = await unwrap(list.archival.put())
  if (archivedAt === null) row = await unwrap(list.archival.delete())
  if (!trashedAt) return row
  await unwrap(list.delete())
  return undefined
}

async function page(entity: Entity, query: Query, cursor: string | null): Promise<Page> {
  const parameters = { ...query, ...(cursor && { cursor }) }
  if (entity === "list") {
    const { items, nextCursor } = await unwrap(client.api.lists.get({ query: parameters }))
    return { entries: items.map((row: List): Entry => ({ entity: "list", row })), nextCursor }
  }
  const { items, nextCursor } = await unwrap(client.api.todos.get({ query: parameters }))
  return { entries: items.map((row: Todo): Entry => ({ entity: "todo", row })), nextCursor }
}
