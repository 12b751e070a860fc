import type { Sql } from "../database/connect.ts"
import type { Caller } from "./access-token.ts"

/** Whether the session exists, belongs to the account, and was not ended. */
export async function isSessionLive(sql: Sql, { accountId, sessionId }: Caller): Promise<boolean> {
  const [session] = await sql`
    select 1 from sessions where id = ${sessionId} and account_id = ${accountId} and ended_at is null`
  return session !== undefined
}

/** Begins a session and returns its id. */
export async function createSession(
  sql: Sql,
  { accountId, userAgent, address }: { accountId: string; userAgent: string; address: string },
): Promise<string> {
  const [session] = await sql<[{ id: string }]>`
    insert into sessions (account_id, user_agent, address) values (${accountId}, ${userAgent}, ${address}) returning id`
  return session.id
}
