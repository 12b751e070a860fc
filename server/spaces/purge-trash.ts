import type { Pool } from "../database/connect.ts"
import { noteRaised } from "../database/transactions.ts"

/**
 * Deletes for good what has been in the trash for 30 days: lists with all they hold, then todos, each of which
 * leaves a tombstone for the clients that still show it. Every transaction is short (`batch` todos, or one
 * list), so that nobody's writes wait. Returns how many went.
 */
export async function purgeTrash(sql: Pool, batch = 500): Promise<{ lists: number; todos: number }> {
  return { lists: await purgeLists(sql), todos: await purgeTodos(sql, batch) }
}

async function purgeLists(sql: Pool): Promise<number> {
  let purged = 0
  for (;;) {
    const expired = await sql<{ id: string }[]>`
      select id from lists where trashed_at < now() - interval '30 days' order by trashed_at limit 100`
    for (const { id } of expired) {
      purged += await sql.begin(async (sql) => {
        // A full list takes longer than a request may.
        await sql`set local statement_timeout = '5min'`
        await sql`select 1 from spaces where id = ${id} for update`
        const { count } = await sql`
          delete from spaces using lists
          where spaces.id = ${id} and lists.id = spaces.id and lists.trashed_at < now() - interval '30 days'`
        return count
      })
    }
    if (expired.length < 100) return purged
  }
}

async function purgeTodos(sql: Pool, batch: number): Promise<number> {
  let purged = 0
  for (;;) {
    const [expired] = await sql<{ listId: string }[]>`
      select list_id from todos where trashed_at < now() - interval '30 days' order by trashed_at limit 1`
    if (!expired) return purged
    const { listId } = expired
    purged += await sql.begin(async (sql) => {
      const [space] = await sql<[{ rev: number }]>`
        update spaces set rev = rev + 1 where id = ${listId} returning rev`
      noteRaised(sql, listId, space.rev)
      const { count } = await sql`
        with purged as (
          delete from todos where id in (
            select id from todos
            where list_id = ${listId} and trashed_at < now() - interval '30 days' limit ${batch})
          returning id
        ), counted as (
          update spaces set size = size - (select count(*) from purged) where id = ${listId}
        )
        insert into tombstones (space_id, entity, row_id, rev)
        select ${listId}, 'todo', id, ${space.rev} from purged
        on conflict (space_id, entity, row_id) do update set rev = excluded.rev, deleted_at = now()
        returning 1`
      return count
    })
  }
}
