import type { Pool, Sql } from "../database/connect.ts"
import { Problem } from "../problems.ts"
import { readMe } from "./queries.ts"

/** A reader that takes nothing for this long is given up: its snapshot holds back the database's clean-up. */
const MOST_IDLE = "60s"
/** Todos fetched at a time. */
const PAGE = 500

/**
 * Everything the person owns, as one JSON document in the API's shapes, read in one snapshot of the database. Todos
 * are fetched as the reader takes them, so memory stays the same for a hundred or a million. `done` settles when
 * the connection that it reads on is free again.
 */
export async function exportAccount(
  sql: Pool,
  accountId: string,
): Promise<{ body: ReadableStream<Uint8Array>; done: Promise<void> }> {
  const account = await readMe(sql, accountId)
  if (!account) throw Problem.unauthenticated()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  const done = sql
    .begin("isolation level repeatable read read only", async (sql) => {
      await sql`select set_config('idle_in_transaction_session_timeout', ${MOST_IDLE}, true)`
      for await (const part of parts(sql, accountId)) await writer.write(encoder.encode(part))
    })
    .then(
      () => writer.close(),
      (error) => writer.abort(error),
    )
    // A reader that went away has been told all it can be.
    .catch(() => {})
  return { body: readable, done }
}

async function* parts(sql: Sql, accountId: string): AsyncGenerator<string> {
  const [{ exportedAt }] = await sql<[{ exportedAt: string }]>`select now() as exported_at`
  yield `{"exportedAt":${JSON.stringify(exportedAt)}`
  yield `,"account":${JSON.stringify(await readMe(sql, accountId))}`
  yield `,"sessions":${JSON.stringify(await sessionsOf(sql, accountId))}`
  yield `,"memberships":${JSON.stringify(await membershipsOf(sql, accountId))}`
  yield `,"lists":${JSON.stringify(await listsOf(sql, accountId))}`
  yield `,"todos":[`
  let separator = "\n"
  for await (const page of todosOf(sql, accountId)) {
    yield separator + page.map((todo) => JSON.stringify(todo)).join(",\n")
    separator = ",\n"
  }
  yield "\n]}\n"
}

const sessionsOf = (sql: Sql, accountId: string) => sql`
  select id, user_agent, host(address) as address, created_at, last_used_at, ended_at
  from sessions where account_id = ${accountId} order by created_at, id`

const membershipsOf = (sql: Sql, accountId: string) => sql`
  select space_id as list_id, role, position, created_at
  from memberships where account_id = ${accountId} order by position, space_id`

const listsOf = (sql: Sql, accountId: string) => sql`
  select lists.id, name, colour, is_inbox, archived_at, trashed_at, lists.rev, lists.created_at, updated_at
  from lists join memberships on space_id = lists.id
  where account_id = ${accountId} and role = 'owner' order by position, lists.id`

async function* todosOf(sql: Sql, accountId: string): AsyncGenerator<Record<string, unknown>[]> {
  // A cursor by SQL: each fetch is a statement of its own, so the statement timeout counts for one page.
  await sql`
    declare exported_todos no scroll cursor for
      select todos.id, list_id, title, notes, priority, due_date, todos.position, completed_at, trashed_at, todos.rev,
        todos.created_at, updated_at
      from memberships join todos on list_id = space_id
      where account_id = ${accountId} and role = 'owner'`
  while (true) {
    const page = await sql<Record<string, unknown>[]>`fetch ${sql.unsafe(`${PAGE}`)} from exported_todos`
    if (page.length === 0) return
    yield page
  }
}
