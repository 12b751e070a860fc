import type { Pool } from "../../server/database/connect.ts"
import type { AccessTokens } from "../../server/sessions/access-token.ts"
import { createSession } from "../../server/sessions/queries.ts"
import { PASSWORD } from "./database.ts"
import { send } from "./load.ts"

export type Caller = {
  accountId: string
  /** The Inbox. */
  listId: string
  /** Ids of open todos in the other lists. */
  openTodos: string[]
  /** With an access token, and an address of the caller's own. */
  headers: Record<string, string>
}

/** A hundred of the seeded people, signed in without asking the server. */
export async function signedInCallers(sql: Pool, accessTokens: AccessTokens): Promise<Caller[]> {
  const people = await sql<(Omit<Caller, "headers"> & { passwordHash: string })[]>`
    select accounts.id as account_id, accounts.password_hash, inbox.id as list_id,
      array(
        select todos.id from todos join memberships on memberships.space_id = todos.list_id
        where memberships.account_id = accounts.id and not todos.is_completed and todos.trashed_at is null
          and memberships.space_id <> inbox.id
      ) as open_todos
    from accounts
    join lateral (
      select lists.id from memberships join lists on lists.id = memberships.space_id
      where memberships.account_id = accounts.id and lists.is_inbox
    ) inbox on true
    where accounts.email like 'person0-%'
    order by accounts.id limit 100`
  return Promise.all(
    people.map(async ({ accountId, passwordHash, ...rest }, n) => {
      const client = { accountId, passwordHash, userAgent: "Bench", address: "127.0.0.1" }
      const session = await sql.begin((sql) => createSession(sql, client))
      const token = await accessTokens.sign({ accountId, sessionId: session!.sessionId })
      return { accountId, ...rest, headers: { ...from(`198.51.100.${n}`), Authorization: `Bearer ${token}` } }
    }),
  )
}

/** The headers of a request that comes through the trusted proxy from `address`. */
export const from = (address: string): Record<string, string> => ({
  "Content-Type": "application/json",
  "X-Forwarded-For": address,
})

/** Signs one of the seeded people in, with the password. */
export async function signIn(origin: string, email: string, address: string): Promise<void> {
  await send(`${origin}/api/sessions`, {
    method: "POST",
    status: 201,
    headers: from(address),
    body: JSON.stringify({ email, password: PASSWORD }),
  })
}
