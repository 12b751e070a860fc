import type { Sql } from "../database/connect.ts"

/** A space whose row this transaction has locked, and the rev to stamp what it writes there with. */
export type RaisedSpace = { id: string; rev: number; size: number }

/**
 * Raises the rev of every one of `ids` that the account may write in, and returns those: the first statement
 * of every write. It locks the spaces, in the order of their ids, until the transaction ends, so revs become
 * visible in the order they are given out. Several spaces get the same rev, above all of theirs: a row that
 * moves between them never goes back to a rev it had before.
 */
export function raiseRevs(sql: Sql, accountId: string, ids: string[]): Promise<RaisedSpace[]> {
  return sql<RaisedSpace[]>`
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
}
