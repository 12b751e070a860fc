import type { Sql } from "../database/connect.ts"

export type NewAccount = {
  email: string
  passwordHash: string
  name: string
  language: string
  timeZone: string
  /** Letters cannot be sent, so there is nothing to wait for. */
  verified: boolean
}

/**
 * Creates the account with its personal space and its Inbox. Call it in a transaction. Returns the account's
 * id, or null if the address (already normalised) is taken.
 */
export async function createAccount(sql: Sql, account: NewAccount): Promise<string | null> {
  const [created] = await sql<{ id: string }[]>`
    with space as (insert into spaces (id, kind, rev) values (uuidv7(), 'personal', 1) returning id)
    insert into accounts (id, email, email_verified_at, password_hash, name, language, time_zone, rev)
    select id, ${account.email}, ${account.verified ? sql`now()` : null}, ${account.passwordHash}, ${account.name},
      ${account.language}, ${account.timeZone}, 1
    from space
    on conflict (email) do nothing
    returning id`
  if (!created) return null
  await createInbox(sql, created.id)
  return created.id
}

async function createInbox(sql: Sql, accountId: string) {
  const [space] = await sql<
    [{ id: string }]
  >`insert into spaces (id, kind, rev) values (uuidv7(), 'list', 1) returning id`
  await sql`
    insert into lists (id, name, is_inbox, creation_digest, rev) values (${space.id}, 'Inbox', true, '\\x', 1)`
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    values (${space.id}, ${accountId}, 'owner', 'a0', 1)`
}
