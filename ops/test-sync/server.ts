import { TypeCompiler } from "@sinclair/typebox/compiler"
import pino from "pino"
import { ApiProblem, NetworkFailure } from "../../client/src/api/problem.ts"
import type { Cursor, News, SyncAnswer, SyncRequest } from "../../client/src/sync/protocol.ts"
import { type Entry, spaceOf } from "../../client/src/sync/rows.ts"
import type { VirtualWorld } from "../../client/src/sync/testing/virtual-world.ts"
import { createAccount } from "../../server/accounts/queries.ts"
import type { Pool, Sql } from "../../server/database/connect.ts"
import { databaseProblem } from "../../server/database/failures.ts"
import { type Changes, overseeTransactions } from "../../server/database/transactions.ts"
import { Problem } from "../../server/problems.ts"
import { purgeTrash } from "../../server/spaces/purge-trash.ts"
import { purgeTombstones } from "../../server/spaces/queries.ts"
import { pull } from "../../server/sync/pull.ts"
import { push } from "../../server/sync/push.ts"
import { purgeOps } from "../../server/sync/queries.ts"
import { syncRequest, VERSIONS } from "../../server/sync/shapes.ts"
import { backUp, empty, restore } from "./database.ts"
import type { Ledger } from "./ledger.ts"
import { Violation } from "./violation.ts"

export type Server = Awaited<ReturnType<typeof startServer>>

type Options = {
  world: VirtualWorld
  sql: Pool
  people: number
  ledger: Ledger
  /** A space of an account changed, or its memberships. */
  onNews: (accountId: string, news: News) => void
}

const request = TypeCompiler.Compile(syncRequest)
const log = pino({ level: "silent" })

let heard: (changes: Changes) => void = () => {}
const overseen = new WeakSet<Pool>()

/** The server's write path over PostgreSQL, with people in it; its clock is the world's. */
export async function startServer({ world, sql, people, ledger, onNews }: Options) {
  if (!overseen.has(sql)) overseeTransactions(sql, (changes) => heard(changes))
  overseen.add(sql)
  heard = () => {}
  await empty(sql)
  const accounts: string[] = []
  for (let n = 0; n < people; n++) {
    const account = { email: `person${n}@example.org`, passwordHash: "", name: `Person ${n}`, verified: true }
    const id = await sql.begin((sql) => createAccount(sql, { ...account, language: "en", timeZone: "UTC" }))
    accounts.push(id!)
  }
  let awayUntil = 0
  let cut: Cut | undefined
  let backup: { ledger: ReturnType<Ledger["copy"]>; at: number } | undefined

  const spacesOf = async (accountId: string) =>
    (await sql<{ id: string }[]>`select space_id as id from memberships where account_id = ${accountId}`).map(
      ({ id }) => id,
    )

  /** Notes what transactions change from now on. */
  function listen(): Changes {
    const changed: Changes = { spaces: new Map(), accounts: new Set() }
    heard = ({ spaces, accounts }) => {
      for (const [space, rev] of spaces) changed.spaces.set(space, rev)
      for (const account of accounts) changed.accounts.add(account)
    }
    return changed
  }

  async function tell({ spaces, accounts: concerned }: Changes) {
    for (const account of concerned) onNews(account, null)
    if (spaces.size === 0) return
    const members = await sql<{ accountId: string; spaceId: string }[]>`
      select account_id, space_id from memberships where space_id = any(${[...spaces.keys()]})
      union all select id, id from accounts where id = any(${[...spaces.keys()]})
      order by account_id, space_id`
    for (const { accountId, spaceId } of members)
      onNews(accountId, { space: spaceId, rev: spaces.get(spaceId)! })
  }

  async function ask(accountId: string, body: SyncRequest): Promise<SyncAnswer> {
    if (world.now() < awayUntil) throw new NetworkFailure()
    if (!request.Check(body)) throw new ApiProblem(400, "malformed")
    const ids = body.ops.map(({ id }) => id)
    const known = await sql<{ id: string }[]>`
      select id from ops where account_id = ${accountId} and id = any(${ids})`
    const changed = listen()
    const ours = body.ops.length > 0 && cut ? cutting(sql, cut) : sql
    if (ours !== sql) cut = undefined
    const before = new Set(known.map(({ id }) => id))
    let answer: SyncAnswer
    try {
      answer = await exchange(ours, accountId, body)
    } catch (error) {
      if (error instanceof ApiProblem) throw error
      // As the real one: also where this machine was so slow that PostgreSQL gave up on it.
      const problem = error instanceof Problem ? error : databaseProblem(error)
      if (!problem) throw error
      if (ours === sql) console.error(`The machine's own fault, and no part of the plan: ${error}`)
      const stored = await sql<{ id: string; problem: { code: string } | null }[]>`
        select id, problem from ops where account_id = ${accountId} and id = any(${ids})`
      const acks = new Map(stored.map(({ id, problem }) => [id, { id, ...(problem && { problem }) }]))
      const done = body.ops.filter(({ id }) => acks.has(id))
      ledger.onAnswer(
        done,
        before,
        done.map(({ id }) => acks.get(id)!),
      )
      await tell(changed)
      const wait = Number(problem.options.headers?.["Retry-After"]) || null
      throw new ApiProblem(problem.status, problem.slug, [], wait)
    } finally {
      heard = () => {}
    }
    ledger.onAnswer(body.ops, before, answer.acks)
    const spaces = new Set([accountId, ...(await spacesOf(accountId))])
    for (const entry of answer.changes)
      if (!spaces.has(spaceOf(entry)))
        throw new Violation(`A row of the space ${spaceOf(entry)} was given to someone who is no member.`)
    await tell(changed)
    return JSON.parse(JSON.stringify({ ...answer, now: new Date(world.now()).toISOString() }))
  }

  return {
    accounts,
    ask,
    /** Nobody is answered for so many milliseconds. */
    restart(milliseconds: number) {
      awayUntil = world.now() + milliseconds
    },
    /** The next push loses its connection to the database. */
    cutConnection(when: Cut) {
      cut = when
    },
    isAway: () => world.now() < awayUntil,
    async backUp() {
      await backUp(sql)
      backup = { ledger: ledger.copy(), at: world.now() }
    },
    /** Goes back to the last backup, if that is not more than ten minutes old. */
    async restore() {
      if (!backup || world.now() - backup.at > 600_000) return
      await restore(sql)
      ledger.restore(backup.ledger)
    },
    /** What is in the trash goes for good. */
    async purgeTrash() {
      await sql`update todos set trashed_at = now() - interval '31 days' where trashed_at is not null`
      await sql`update lists set trashed_at = now() - interval '31 days' where trashed_at is not null`
      const changed = listen()
      await purgeTrash(sql)
      heard = () => {}
      await tell(changed)
      for (const account of accounts) onNews(account, null)
    },
    /** Makes everything older by so many days, and forgets what is forgotten after 90. */
    async age(days: number) {
      await sql`update ops set created_at = created_at - make_interval(days => ${days})`
      await sql`update tombstones set deleted_at = deleted_at - make_interval(days => ${days})`
      await purgeOps(sql)
      await purgeTombstones(sql)
      backup = undefined
    },
    /** Someone becomes a member of someone's list, who is not one yet. */
    async join(accountId: string, pick: number, role: string) {
      const lists = await sql<{ id: string }[]>`
        select id from lists where not is_inbox and not exists (
          select from memberships where space_id = lists.id and account_id = ${accountId}) order by id`
      const list = lists[Math.floor(pick * lists.length)]
      if (!list) return
      await sql`
        with raised as (update spaces set rev = rev + 1 where id = ${list.id} returning rev)
        insert into memberships (space_id, account_id, role, position, rev)
        select ${list.id}, ${accountId}, ${role}, 'a5', rev from raised`
      onNews(accountId, null)
    },
    /** A member that is not the owner goes. */
    async leave(pick: number) {
      const members = await sql<{ spaceId: string; accountId: string }[]>`
        select space_id, account_id from memberships where role <> 'owner' order by created_at, space_id, account_id`
      const member = members[Math.floor(pick * members.length)]
      if (!member) return
      await sql`
        delete from memberships where space_id = ${member.spaceId} and account_id = ${member.accountId}`
      onNews(member.accountId, null)
    },
    /** All that an account may see, read from the beginning. */
    async rowsOf(accountId: string): Promise<Entry[]> {
      const rows: Entry[] = []
      let epoch: string | null = null
      let cursor: Cursor = {}
      for (;;) {
        const answer = await exchange(sql, accountId, { v: 1, epoch, cursor, ops: [] })
        rows.push(...answer.changes)
        epoch = answer.epoch
        cursor = { ...cursor, ...answer.cursor }
        if (!answer.more) return JSON.parse(JSON.stringify(rows))
      }
    },
  }
}

/** When a push's connection is cut: with its writes done and not committed, or before it hears that they are. */
export type Cut = "before-commit" | "after-commit"

/** The pool, whose next transaction loses its connection. */
function cutting(sql: Pool, when: Cut): Pool {
  const begin = async (work: (sql: Sql) => unknown) => {
    await sql.begin(async (transaction) => {
      await work(transaction)
      if (when === "before-commit") await transaction`select pg_terminate_backend(pg_backend_pid())`
    })
    throw Object.assign(new Error("The connection was closed."), { code: "CONNECTION_CLOSED" })
  }
  return new Proxy(sql, { get: (pool, name) => (name === "begin" ? begin : Reflect.get(pool, name)) })
}

/** What the route does, but for its limits, which count by the machine's clock. */
async function exchange(sql: Pool, accountId: string, body: SyncRequest): Promise<SyncAnswer> {
  if (body.v < VERSIONS.oldest) throw new ApiProblem(409, "client-too-old")
  const ops = body.ops as never
  const acks = await push({ sql, log }, accountId, body.epoch, ops)
  return { v: body.v, acks, ...(await pull(sql, accountId, body, ops)) } as unknown as SyncAnswer
}
