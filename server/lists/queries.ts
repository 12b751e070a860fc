import { creationDigest } from "../creation-digest.ts"
import { cursorAt, type Place, placeOf } from "../cursors.ts"
import type { Sql } from "../database/connect.ts"
import { noteMembership } from "../database/transactions.ts"
import { requireMatch } from "../entity-tags.ts"
import { Problem } from "../problems.ts"
import { raiseRevs } from "../spaces/queries.ts"
import { singleLine } from "../text.ts"
import { positionBetween } from "./position-between.ts"
import type { List, ListChange, ListFields, ListsQuery, NewList } from "./shapes.ts"

/** Most lists an account is a member of, archived and trashed ones included. */
export const LISTS_MAXIMUM = 1000

const columns = (sql: Sql) => sql`
  lists.id, lists.name, lists.colour, lists.is_inbox, memberships.position, lists.archived_at, lists.trashed_at,
  memberships.role, greatest(lists.rev, memberships.rev) as rev, lists.created_at, lists.updated_at`

/** A page of the account's lists in their order, and the cursor of the next. */
export async function listLists(
  sql: Sql,
  accountId: string,
  query: ListsQuery,
): Promise<{ items: List[]; nextCursor: string | null }> {
  const { limit = 100, archived, trashed = false } = query
  const listing = { archived, trashed }
  const place = query.cursor === undefined ? null : placeOf(query.cursor, listing, isPlace)
  const items = await sql<List[]>`
    select ${columns(sql)} from memberships
    join lists on lists.id = memberships.space_id
    where memberships.account_id = ${accountId}
      and (lists.trashed_at is not null) = ${trashed}
      ${archived === undefined ? sql`` : sql`and (lists.archived_at is not null) = ${archived}`}
      ${place ? sql`and (memberships.position, memberships.space_id) > (${place[0]!}, ${place[1]!})` : sql``}
    order by memberships.position, memberships.space_id
    limit ${limit + 1}`
  if (items.length <= limit) return { items: [...items], nextCursor: null }
  const last = items[limit - 1]!
  return { items: items.slice(0, limit), nextCursor: cursorAt([last.position, last.id], listing) }
}

const isPlace = ([position, id, ...rest]: Place) =>
  rest.length === 0 &&
  typeof position === "string" &&
  /^[0-9A-Za-z]{1,200}$/.test(position) &&
  typeof id === "string" &&
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** One of the account's lists, in the trash or not. Another person's is not found. */
export async function getList(sql: Sql, accountId: string, id: string): Promise<List> {
  const [list] = await sql<List[]>`
    select ${columns(sql)} from lists
    join memberships on memberships.space_id = lists.id
    where lists.id = ${id} and memberships.account_id = ${accountId}`
  if (!list) throw Problem.notFound("list")
  return list
}

/** Those of the lists `ids` that the account is a member of. */
export async function listsAmong(sql: Sql, accountId: string, ids: string[]): Promise<List[]> {
  return sql<List[]>`
    select ${columns(sql)} from memberships
    join lists on lists.id = memberships.space_id
    where memberships.account_id = ${accountId} and memberships.space_id = any(${ids})`
}

/**
 * Creates a list that the account owns, after its others unless `position` says where. Call it in a
 * transaction. The same creation sent again gives the list as it is now, and `created: false`.
 */
export async function createList(
  sql: Sql,
  accountId: string,
  fields: NewList,
): Promise<{ list: List; created: boolean }> {
  const id = fields.id ?? Bun.randomUUIDv7()
  const digest = creationDigest(fields)
  // The personal space's lock makes one account's creations take turns, so the bound and the order hold.
  const [, [lists]] = await Promise.all([
    sql`select 1 from spaces where id = ${accountId} for no key update`,
    sql<[{ count: number; lastPosition: string | null }]>`
      select count(*)::integer, max(position) as last_position from memberships where account_id = ${accountId}`,
  ])
  const [space] = await sql`
    insert into spaces (id, kind, rev) values (${id}, 'list', 1) on conflict (id) do nothing returning id`
  if (!space) {
    const [earlier] = await sql<List[]>`
      select ${columns(sql)} from lists
      join memberships on memberships.space_id = lists.id
      where lists.id = ${id} and memberships.account_id = ${accountId} and lists.creation_digest = ${digest}`
    if (!earlier) throw Problem.conflict("id-taken", "Something else has this id.")
    return { list: earlier, created: false }
  }
  if (lists.count >= LISTS_MAXIMUM)
    throw Problem.conflict("too-many-lists", `An account has at most ${LISTS_MAXIMUM} lists.`)
  const position = fields.position ?? positionBetween(lists.lastPosition, null)
  await Promise.all([
    sql`
      insert into lists (id, name, colour, creation_digest, rev)
      values (${id}, ${singleLine(fields.name)}, ${fields.colour ?? "grey"}, ${digest}, 1)`,
    sql`
      insert into memberships (space_id, account_id, role, position, rev)
      values (${id}, ${accountId}, 'owner', ${position}, 1)`,
  ])
  noteMembership(sql, accountId)
  return { list: await getList(sql, accountId, id), created: true }
}

/** Changes the fields that are given; the position is the account's own. Call it in a transaction. */
export const editList = (
  sql: Sql,
  accountId: string,
  id: string,
  change: ListChange,
  ifMatch?: string | null,
) => changeList(sql, accountId, id, change, ifMatch)

/** Puts the list out of sight, or leaves the moment when it first was. Call it in a transaction. */
export const archiveList = (sql: Sql, accountId: string, id: string) =>
  changeList(sql, accountId, id, { archivedAt: "now" })

/** Brings an archived list back. Call it in a transaction. */
export const unarchiveList = (sql: Sql, accountId: string, id: string) =>
  changeList(sql, accountId, id, { archivedAt: null })

/** Moves the list, with its todos, to the trash, from where it can be restored for 30 days. Call it in a transaction. */
export const trashList = (sql: Sql, accountId: string, id: string, ifMatch?: string | null) =>
  changeList(sql, accountId, id, { trashedAt: "now" }, ifMatch)

/** Takes the list out of the trash, with the todos it went there with. Call it in a transaction. */
export const restoreList = (sql: Sql, accountId: string, id: string) =>
  changeList(sql, accountId, id, { trashedAt: null })

type Fields = Record<string, unknown>

/**
 * The one way a list is changed: raises its space's rev, reads it as it is under that lock, and writes the fields that
 * are given, all or none. A state's moment is always now; a list that is in it already keeps its own. Call it in a
 * transaction.
 */
export async function changeList(
  sql: Sql,
  accountId: string,
  id: string,
  { position, name, colour, archivedAt, trashedAt }: ListFields,
  ifMatch?: string | null,
): Promise<List> {
  const [[{ rev }], list] = await Promise.all([
    raiseRevs(sql, accountId, [id], "list"),
    getList(sql, accountId, id),
  ])
  requireMatch(ifMatch, list.rev)
  if (list.isInbox && (archivedAt || trashedAt)) throw inboxIsPermanent()
  const fields: Fields = {}
  if (name !== undefined) fields.name = singleLine(name)
  if (colour !== undefined) fields.colour = colour
  if (archivedAt === null && list.archivedAt) fields.archivedAt = null
  if (archivedAt && !list.archivedAt) fields.archivedAt = sql`now()`
  if (trashedAt === null && list.trashedAt) fields.trashedAt = null
  if (trashedAt && !list.trashedAt) fields.trashedAt = sql`now()`
  if (position === undefined && Object.keys(fields).length === 0) return list
  if (position !== undefined)
    await sql`
      update memberships set position = ${position}, rev = ${rev}
      where space_id = ${id} and account_id = ${accountId}`
  await sql`update lists set ${sql({ ...fields, rev } as never)}, updated_at = now() where id = ${id}`
  return getList(sql, accountId, id)
}

const inboxIsPermanent = () =>
  Problem.conflict("inbox-is-permanent", "The Inbox cannot be deleted or archived.")
