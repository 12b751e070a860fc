import type { Sql } from "../database/connect.ts"
import { liveSessions } from "../sessions/queries.ts"

export type Look = {
  epoch: string
  /** Those of the sessions that are live. */
  sessions: Set<string>
  /** Of each account, the spaces that it is a member of, its own among them, with their revs. */
  spaces: Map<string, Map<string, number>>
}

/** What streams need to know of many callers, by a few statements however many they are. */
export async function look(sql: Sql, sessionIds: string[], accountIds: string[]): Promise<Look> {
  const [[{ epoch }], sessions, rows] = await Promise.all([
    sql<[{ epoch: string }]>`select id as epoch from epoch`,
    liveSessions(sql, sessionIds),
    sql`
      select memberships.account_id, spaces.id, spaces.rev
      from memberships join spaces on spaces.id = memberships.space_id
      where memberships.account_id = any(${accountIds})
      union all
      select id, id, rev from spaces where id = any(${accountIds})`.values() as unknown as Promise<
      [accountId: string, spaceId: string, rev: number][]
    >,
  ])
  const spaces = new Map(accountIds.map((id) => [id, new Map<string, number>()]))
  for (const [accountId, spaceId, rev] of rows) spaces.get(accountId)!.set(spaceId, rev)
  return { epoch, sessions: new Set(sessions), spaces }
}
