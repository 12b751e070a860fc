import pino from "pino"
import type { Pool } from "../../server/database/connect.ts"
import { push as write } from "../../server/sync/push.ts"
import type { Op } from "../../server/sync/shapes.ts"
import { inTurns, send } from "../bench/load.ts"
import { milliseconds, printTable, share } from "../bench/table.ts"
import type { Person } from "./database.ts"
import { leastSql } from "./least-sql.ts"

type Subjects = { sql: Pool; docket: string; bare: string; people: Person[]; quick: boolean }
type Target = Person & {
  listId: string
  /** Ten of the list's. */
  todoIds: string[]
  cursor: Record<string, string>
  epoch: string | null
}

/** Pushes beside the least SQL that does the same, with and without HTTP, in one space and in many. Prints a table. */
export async function pushing({ sql, docket, bare, people, quick }: Subjects) {
  const writers = people.slice(0, 400)
  const [shared] = await targets(sql, docket, writers.slice(0, 1))
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    select ${shared!.listId}, account_id, 'editor', 'a9', 1 from unnest(${writers.map(({ accountId }) => accountId)}::uuid[]) account_id
    on conflict do nothing`
  const own = await targets(sql, docket, writers)
  const { listId, todoIds } = shared!
  const inOne = own.map((target) => ({ ...target, cursor: { ...target.cursor }, listId, todoIds }))
  const rows = []
  for (const count of [1, 50])
    for (const [spaces, at] of [
      ["One space", inOne],
      ["Many spaces", own],
    ] as const)
      rows.push(
        await beside(`${spaces}, ${count} op${count > 1 ? "s" : ""} a push`, count, quick, {
          docket: (n) => push(docket, at[n % at.length]!, count),
          writing: async (n) => {
            const target = at[n % at.length]!
            await write({ sql, log }, target.accountId, target.epoch, opsOf(target, count))
          },
          served: (n) => pushBare(bare, at[n % at.length]!, count),
          limit: (n) => {
            const { accountId, listId, ...target } = at[n % at.length]!
            return leastSql(sql, accountId, listId, opsOf(target, count))
          },
        }),
      )
  printTable(
    "Pushes on 10 connections. Limit: the least SQL, on the same pool; served: by a bare Bun.serve. Writing: without HTTP, and without reading back",
    [
      "",
      "ops/s",
      "p50 ms",
      "p99 ms",
      "limit ops/s",
      "share",
      "writing's share",
      "served ops/s",
      "of the limit",
      "share of served",
    ],
    rows,
  )
}

const log = pino({ level: "silent" })

/** Todos of each one's Inbox, and how far each has read. */
async function targets(sql: Pool, origin: string, people: Person[]): Promise<Target[]> {
  const rows = await sql<{ accountId: string; listId: string; todoIds: string[] }[]>`
    select memberships.account_id, lists.id as list_id, (array_agg(todos.id))[:10] as todo_ids
    from memberships join lists on lists.id = space_id join todos on todos.list_id = lists.id
    where lists.is_inbox and todos.trashed_at is null and memberships.role = 'owner'
      and memberships.account_id = any(${people.map(({ accountId }) => accountId)})
    group by memberships.account_id, lists.id`
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
  contenders: Record<"docket" | "writing" | "served" | "limit", (n: number) => Promise<void>>,
): Promise<string[]> {
  const { docket, writing, served, limit } = await inTurns(contenders, {
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
    share(writing.rate, limit.rate),
    (served.rate * opsEach).toFixed(0),
    share(served.rate, limit.rate),
    share(docket.rate, served.rate),
  ]
}

const title = () => `Renamed at ${performance.now()}`

const opsOf = ({ todoIds }: Pick<Target, "todoIds">, count: number): Op[] =>
  Array.from({ length: count }, (_, n) => ({
    id: Bun.randomUUIDv7(),
    entity: "todo",
    key: todoIds[n % todoIds.length]!,
    fields: { title: title() },
  }))

async function push(origin: string, target: Target, count: number) {
  const text = await send(`${origin}/api/sync`, {
    method: "POST",
    headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ v: 1, epoch: target.epoch, cursor: target.cursor, ops: opsOf(target, count) }),
  })
  const { epoch, cursor, acks } = JSON.parse(text)
  if (acks.length !== count || acks.some((ack: { problem?: unknown }) => ack.problem))
    throw new Error(`an op was refused: ${text.slice(0, 500)}`)
  target.epoch = epoch
  Object.assign(target.cursor, cursor)
}

async function pushBare(origin: string, target: Target, count: number) {
  const { accountId, listId, token, epoch, cursor } = target
  const text = await send(`${origin}/?account=${accountId}&list=${listId}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ v: 1, epoch, cursor, ops: opsOf(target, count) }),
  })
  if (JSON.parse(text).acks.length !== count) throw new Error(`not all were done: ${text.slice(0, 500)}`)
}
