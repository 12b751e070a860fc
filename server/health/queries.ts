import type { Sql } from "../database/connect.ts"

export type DatabaseState = {
  /** The newest migration applied. */
  applied: number
  /** Connections for requests that all processes of this installation hold, and those at work. */
  open: number
  active: number
}

/** One statement for all of it, so that asking costs the database one round trip. */
export async function databaseState(sql: Sql): Promise<DatabaseState> {
  const [row] = await sql<[DatabaseState]>`
    select (select coalesce(max(number), 0) from migrations) as applied,
      count(*)::int as open, (count(*) filter (where state <> 'idle'))::int as active
    from pg_stat_activity
    where datname = current_database() and application_name = 'docket'`
  return row
}
