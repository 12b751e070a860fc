import type { Fragment, Pool, Sql } from "../database/connect.ts"
import { noteRaised } from "../database/transactions.ts"
import { Problem } from "../problems.ts"

/** A space whose row this transaction has locked, and the rev to stamp what it writes there with. */
export type RaisedSpace = { id: string; rev: number; size: number }

/**
 * Raises the rev of the spaces `ids`: the first statement of every write. It locks them, in the order of their
 * ids, until the transaction ends, so revs become visible in the order they are given out. Several spaces get
 * the same rev, above all of theirs: a row that moves between them never goes back to a rev it had before.
 *
 * Fails with 404 where the account is no member, and with 403 where it may only read.
 */
export async function raiseRevs(
  sql: Sql,
  accountId: string,
  ids: [string, ...string[]],
  noun: string,
): Promise<[RaisedSpace, ...RaisedSpace[]]> {
  const spaces = await sql<RaisedSpace[]>`
    with locked as materialized (
      select spaces.id, spaces.rev
      from spaces
      join memberships on memberships.space_id = spaces.id
      where spaces.id in ${sql(ids)} and memberships.account_id = ${accountId} and memberships.role <> 'viewer'
      order by spaces.id
      for no key update of spaces
    )
    update spaces set rev = (select max(rev) from locked) + 1
    from locked where spaces.id = locked.id
    returning spaces.id, spaces.rev, spaces.size`
  for (const { id, rev } of spaces) noteRaised(sql, id, rev)
  if (spaces.length === ids.length) return spaces as unknown as [RaisedSpace, ...RaisedSpace[]]
  const [{ count }] = await sql<[{ count: number }]>`
    select count(*)::integer from memberships where space_id in ${sql(ids)} and account_id = ${accountId}`
  if (count < ids.length) throw Problem.notFound(noun)
  throw new Problem(403, "read-only", "You may read this list, but not change it.")
}

/** The same for one space that a subquery names; undefined where the account may not write to it, or there is none. */
export async function raiseRev(sql: Sql, accountId: string, id: Fragment): Promise<RaisedSpace | undefined> {
  const [space] = await sql<RaisedSpace[]>`
    update spaces set rev = spaces.rev + 1 from memberships
    where spaces.id = ${id} and memberships.space_id = spaces.id
      and memberships.account_id = ${accountId} and memberships.role <> 'viewer'
    returning spaces.id, spaces.rev, spaces.size`
  if (space) noteRaised(sql, space.id, space.rev)
  return space
}

/**
 * Forgets tombstones after 90 days: a client that was last in the space before one that is forgotten starts anew there,
 * which `forgotten_rev` tells. Returns how many went. Takes a bounded number at once, so that nothing waits for it.
 */
export async function purgeTombstones(sql: Pool, batch = 5000): Promise<number> {
  let purged = 0
  for (;;) {
    const [{ count }] = await sql<[{ count: number }]>`
      with forgotten as (
        delete from tombstones where ctid = any(array(
          select ctid from tombstones where deleted_at < now() - interval '90 days' limit ${batch}))
        returning space_id, rev
      ), latest as (
        select space_id, max(rev) as rev from forgotten group by space_id order by space_id
      ), raised as (
        update spaces set forgotten_rev = greatest(forgotten_rev, latest.rev)
        from latest where spaces.id = latest.space_id
      )
      select count(*)::integer from forgotten`
    purged += count
    if (count < batch) return purged
  }
}
