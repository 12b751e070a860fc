import type { Pool } from "../../server/database/connect.ts"
import { inTurns, send } from "../bench/load.ts"
import { milliseconds, printTable, share } from "../bench/table.ts"
import type { Person } from "./database.ts"

type Subjects = { sql: Pool; origin: string; people: Person[]; quick: boolean }
type Target = Person & {
  listId: string
  todoId: string
  cursor: Record<string, string>
  epoch: string | null
}

/** Pushes of one change beside the least SQL that does the same, in one space and in many. Prints a table. */
export async function pushing({ sql, origin, people, quick }: Subjects) {
  const writers = people.slice(0, 400)
  const [shared] = await targets(sql, origin, writers.slice(0, 1))
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    select ${shared!.listId}, account_id, 'editor', 'a9', 1 from unnest(${writers.map(({ accountId }) => accountId)}::uuid[]) account_id
    on conflict do nothing`
  const todos = await sql<{ id: string }[]>`select id from todos where list_id = ${shared!.listId} limit 10`
  const own = await targets(sql, origin, writers)
  const inOne = own.map((target, n) => ({
    ...target,
    cursor: { ...target.cursor },
    listId: shared!.listId,
    todoId: todos[n % todos.length]!.id,
  }))
  const rows = []
  for (const [name, at] of [
    ["One space, 1 op a push", inOne],
    ["Many spaces, 1 op a push", own],
  ] as const)
    rows.push(
      await beside(name, 1, quick, {
        docket: (n) => push(origin, at[n % at.length]!, 1),
        limit: (n) => bare(sql, at[n % at.length]!, 1),
      }),
    )
  for (const [name, at] of [
    ["One space, 50 ops a push", inOne],
    ["Many spaces, 50 ops a push", own],
  ] as const)
    rows.push(
      await beside(name, 50, quick, {
        docket: (n) => push(origin, at[n % at.length]!, 50),
        limit: (n) => bare(sql, at[n % at.length]!, 50),
      }),
    )
  printTable(
    "Pushes on 10 connections; the limit is the least SQL on the same pool, without HTTP",
    ["", "ops/s", "p50 ms", "p99 ms", "limit ops/s", "share"],
    rows,
  )
}

/** A todo in each one's Inbox, and how far each has read. */
async function targets(sql: Pool, origin: string, people: Person[]): Promise<Target[]> {
  const rows = await sql<{ accountId: string; listId: string; todoId: string }[]>`
    select distinct on (memberships.account_id) memberships.account_id, todos.list_id, todos.id as todo_id
    from memberships join lists on lists.id = space_id join todos on todos.list_id = lists.id
    where lists.is_inbox and todos.trashed_at is null
      and memberships.account_id = any(${people.map(({ accountId }) => accountId)})`
  const tokens = new Map(people.map(({ accountId, token }) => [accountId, token]))
  const found = rows.map((row) => ({ ...row, token: tokens.get(row.accountId)!, cursor: {}, epoch: null }))
  for (let n = 0; n < found.length; n += 10)
    await Promise.all(found.slice(n, n + 10).map((target) => push(origin, target, 0)))
  return found
}

async function beside(
  name: string,
  opsEach: number,
  quick: boolean,
  contenders: { docket: (n: number) => Promise<void>; limit: (n: number) => Promise<void> },
): Promise<string[]> {
  const { docket, limit } = await inTurns(contenders, {
    rounds: quick ? 6 : 16,
    connections: 10,
    duration: 600,
  })
  return [
    name,
    (docket.rate * opsEach).toFixed(0),
    milliseconds(docket.p50),
    milliseconds(docket.p99),
    (limit.rate * opsEach).toFixed(0),
    share(docket.rate, limit.rate),
  ]
}

const title = () => `Renamed at ${performance.now()}`

async function push(origin: string, target: Target, count: number) {
  const ops = Array.from({ length: count }, () => ({
    id: Bun.randomUUIDv7(),
    entity: "todo",
    key: target.todoId,
    fields: { title: title() },
  }))
  const text = await send(`${origin}/api/sync`, {
    method: "POST",
    headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ v: 1, epoch: target.epoch, cursor: target.cursor, ops }),
  })
  const { epoch, cursor, acks } = JSON.parse(text)
  if (acks.length !== count || acks.some((ack: { problem?: unknown }) => ack.problem))
    throw new Error(`an op was refused: ${text.slice(0, 500)}`)
  target.epoch = epoch
  Object.assign(target.cursor, cursor)
}

/** What no server could do without: the rev, the row, and that the op was done, in one transaction. */
async function bare(sql: Pool, { accountId, listId, todoId }: Target, count: number) {
  await sql.begin(async (sql) => {
    for (let n = 0; n < count; n += 1)
      await Promise.all([
        sql`update spaces set rev = rev + 1 where id = ${listId}`,
        sql`update todos set title = ${title()}, rev = (select rev from spaces where id = ${listId}), updated_at = now() where id = ${todoId}`,
        sql`insert into ops (account_id, id, digest) values (${accountId}, ${Bun.randomUUIDv7()}, sha256('x'))`,
      ])
  })
}
