import type { Pool, Sql } from "../database/connect.ts"
import { COLUMNS, type TodoRow } from "../todos/rows.ts"
import type { Phase } from "./place.ts"
import type { OpProblem, Profile } from "./shapes.ts"

/** A space that the account is a member of. */
export type KnownSpace = {
  id: string
  rev: number
  /** Tombstones up to this rev are forgotten. */
  forgottenRev: number
  /** How many todos it holds. */
  size: number
  /** The rev of the list itself; null for the account's own space. */
  listRev: number | null
}

/** The account's spaces as they are now, its own first, the others in its order. */
export async function spacesOf(
  sql: Sql,
  accountId: string,
): Promise<{ epoch: string; now: string; spaces: KnownSpace[] } | null> {
  const rows = (await sql`
    select epoch.id, now(), spaces.id, spaces.rev, spaces.forgotten_rev, spaces.size, held.list_rev
    from (
      select id as space_id, null as position, null as list_rev from accounts where id = ${accountId}
      union all
      select lists.id, position, greatest(lists.rev, memberships.rev)
      from memberships join lists on lists.id = space_id where account_id = ${accountId}
    ) held
    join spaces on spaces.id = held.space_id
    cross join epoch
    order by held.position nulls first, spaces.id`.values()) as unknown as [
    string,
    string,
    ...[string, number, number, number, number | null],
  ][]
  if (rows[0]?.[6] !== null) return null
  const spaces = rows.map(([, , id, rev, forgottenRev, size, listRev]) => ({
    id,
    rev,
    forgottenRev,
    size,
    listRev,
  }))
  return { epoch: rows[0][0], now: rows[0][1], spaces }
}

/** What the account's devices share of it. */
export async function readProfile(sql: Sql, accountId: string): Promise<Profile | null> {
  const [profile] = await sql<Profile[]>`
    select id, name, language, time_zone, theme, rev from accounts where id = ${accountId}`
  return profile ?? null
}

const todoColumns = (sql: Sql) => sql.unsafe(COLUMNS.map((column) => `todos.${column}`).join(", "))

/** Where to read on in a space. */
export type Walk = { spaceId: string; rev: number; position: string; after: string }

/** The space, whether the todo is gone, and the todo: of a gone one only the id and the rev. */
export type ChangedRow = [spaceId: string, gone: boolean | null, ...TodoRow]

/**
 * Todos that were written since, and the tombstones of those that went: for one walk after the other, at most `limit`
 * rows in all, by rev and id. A space without any gives one row without an id, one that is the account's no more none.
 */
export async function readChanges(
  sql: Sql,
  accountId: string,
  walks: Walk[],
  limit: number,
): Promise<ChangedRow[]> {
  const rows = await sql`
    select walk.space_id, row.gone, ${sql.unsafe(COLUMNS.map((column) => `row.${column}`).join(", "))}
    from ${walkTable(sql, walks)}
    join memberships on memberships.space_id = walk.space_id and memberships.account_id = ${accountId}
    left join lateral (
      (select false as gone, ${todoColumns(sql)} from todos
        where todos.list_id = walk.space_id and (todos.rev, todos.id) > (walk.rev, walk.after)
        order by todos.rev, todos.id limit ${limit})
      union all
      (select true, row_id, null, null, null, null, null, null, null, null, rev, null, null from tombstones
        where tombstones.space_id = walk.space_id and tombstones.entity = 'todo'
          and (tombstones.rev, tombstones.row_id) > (walk.rev, walk.after)
        order by tombstones.rev, tombstones.row_id limit ${limit})
      order by rev, id limit ${limit}
    ) row on true
    order by walk.place, row.rev, row.id
    limit ${limit}`.values()
  return rows as unknown as ChangedRow[]
}

export type LoadedRow = [spaceId: string, ...TodoRow]

/** The todos of one phase, in their order: for one walk after the other, at most `limit` rows in all, likewise. */
export async function readPhase(
  sql: Sql,
  accountId: string,
  phase: Phase,
  walks: Walk[],
  limit: number,
): Promise<LoadedRow[]> {
  const inPhase = {
    0: sql`todos.trashed_at is null and not todos.is_completed`,
    1: sql`todos.trashed_at is null and todos.is_completed`,
    2: sql`todos.trashed_at is not null`,
  }[phase]
  const rows = await sql`
    select walk.space_id, ${sql.unsafe(COLUMNS.map((column) => `row.${column}`).join(", "))}
    from ${walkTable(sql, walks)}
    join memberships on memberships.space_id = walk.space_id and memberships.account_id = ${accountId}
    left join lateral (
      select ${todoColumns(sql)} from todos
      where todos.list_id = walk.space_id and ${inPhase}
        and (todos.position, todos.id) > (walk.position collate "C", walk.after)
      order by todos.position, todos.id limit ${limit}
    ) row on true
    order by walk.place, row.position, row.id
    limit ${limit}`.values()
  return rows as unknown as LoadedRow[]
}

const walkTable = (sql: Sql, walks: Walk[]) => sql`
  unnest(
    ${walks.map(({ spaceId }) => spaceId)}::uuid[],
    ${walks.map(({ rev }) => rev)}::bigint[],
    ${walks.map(({ position }) => position)}::text[],
    ${walks.map(({ after }) => after)}::uuid[]
  ) with ordinality as walk (space_id, rev, position, after, place)`

/** Makes the account's pushes take turns. Call it first in a transaction. The epoch, or null if the account is gone. */
export async function lockPushes(sql: Sql, accountId: string): Promise<string | null> {
  const [locked] = await sql<{ epoch: string }[]>`
    select epoch.id as epoch from spaces cross join epoch
    where spaces.id = ${accountId} and spaces.kind = 'personal' for no key update of spaces`
  return locked?.epoch ?? null
}

/**
 * Locks the lists that ops on these todos and lists will write to, in the order of their ids, as every write does: in
 * whatever order the ops come, two pushes do not wait for each other.
 */
export async function lockLists(sql: Sql, accountId: string, todoIds: string[], listIds: string[]) {
  await sql`
    select from spaces where id in (
      select memberships.space_id from memberships
      where memberships.account_id = ${accountId} and memberships.role <> 'viewer'
        and (memberships.space_id = any(${listIds}::uuid[])
          or memberships.space_id in (select list_id from todos where id = any(${todoIds}::uuid[])))
    )
    order by id for no key update`
}

export type StoredAnswer = { id: string; digest: Uint8Array; problem: OpProblem | null }

/** What became of those of the ops that were pushed before. */
export async function storedAnswers(sql: Sql, accountId: string, ids: string[]): Promise<StoredAnswer[]> {
  return sql<StoredAnswer[]>`
    select id, digest, problem from ops where account_id = ${accountId} and id = any(${ids})`
}

/** Stores answers, but for those of ops that have one. Returns how many. */
export async function storeAnswers(sql: Sql, accountId: string, answers: StoredAnswer[]): Promise<number> {
  if (answers.length === 0) return 0
  const { count } = await sql`
    insert into ops (account_id, id, digest, problem)
    select ${accountId}, id, decode(digest, 'base64'), problem::jsonb from unnest(
      ${answers.map(({ id }) => id)}::uuid[],
      ${answers.map(({ digest }) => Buffer.from(digest).toString("base64"))}::text[],
      ${answers.map(({ problem }) => problem && JSON.stringify(problem))}::text[]
    ) as answer (id, digest, problem)
    on conflict do nothing`
  return count
}

/** Forgets what became of ops after 90 days. Returns how many. Takes a bounded number at once. */
export async function purgeOps(sql: Pool, batch = 5000): Promise<number> {
  let purged = 0
  for (;;) {
    const { count } = await sql`
      delete from ops where ctid = any(array(
        select ctid from ops where created_at < now() - interval '90 days' limit ${batch}))`
    purged += count
    if (count < batch) return purged
  }
}
