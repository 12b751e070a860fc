import type { Pool, Sql } from "../../server/database/connect.ts"
import type { Op } from "../../server/sync/shapes.ts"

/** What no server could do without: that the ops were done, the rev, and each row in its turn, in one transaction. */
export async function leastSql(sql: Pool, accountId: string, listId: string, ops: Op[]) {
  const ids = ops.map(({ id }) => id)
  const write = (sql: Sql, { key, fields }: Op) => sql`
    update todos set title = ${(fields as { title: string }).title}, updated_at = now(),
      rev = (select rev from spaces where id = ${listId})
    where id = ${key}`
  await sql.begin(async (sql) => {
    await Promise.all([
      sql`update spaces set rev = rev + 1 where id = ${listId}`,
      sql`insert into ops (account_id, id, digest) select ${accountId}, id, sha256('x') from unnest(${ids}::uuid[]) id`,
      write(sql, ops[0]!),
    ])
    for (const op of ops.slice(1)) await write(sql, op)
  })
}
