import type { Pool, Sql } from "../database/connect.ts"
import { createAccount } from "./queries.ts"

/** Of a name that no one can own (RFC 2606), so that no letter and no person is ever behind it. */
export const SMOKE_EMAIL = "smoke@docket.invalid"

/**
 * How `password_hash` of the account is made: of a password of 32 random bytes, which needs no stretching. So a wrong
 * guess costs next to nothing, and the account can do without the limits that guesses meet.
 */
export const SMOKE_HASH_PARAMETERS = { algorithm: "argon2id", memoryCost: 8, timeCost: 1 } as const
const SMOKE_HASH = /^\$argon2id\$v=19\$m=8,t=1,p=1\$[A-Za-z0-9+/]{20,90}\$[A-Za-z0-9+/]{20,90}$/

/** What an earlier run left is swept, but not what one that runs at the same moment still needs. */
const A_RUN = "5 minutes"

export const isSmokeHash = (text: string) => SMOKE_HASH.test(text)

/**
 * Gives the standing smoke account a new password, makes the account where there is none, and sweeps what earlier runs
 * left: their sessions end, their todos and lists go. Needs no more than the server's own role.
 * Null if a person has the address, which no release lets anyone take.
 */
export async function renewSmokeAccount(sql: Pool, passwordHash: string): Promise<"made" | "renewed" | null> {
  return sql.begin(async (sql) => {
    const renewed = await setPassword(sql, passwordHash)
    if (renewed) {
      await sweep(sql, renewed)
      return "renewed"
    }
    const made = await createAccount(sql, {
      email: SMOKE_EMAIL,
      passwordHash,
      name: "Smoke test",
      language: "en",
      timeZone: "UTC",
      verified: true,
    })
    if (made === null) return null
    await sql`update accounts set is_smoke = true where id = ${made}`
    return "made"
  })
}

/** The account's id; null if there is none. The row stays locked, so that two runs sweep one after the other. */
async function setPassword(sql: Sql, passwordHash: string): Promise<string | null> {
  const [account] = await sql<{ id: string }[]>`
    update accounts set password_hash = ${passwordHash}, password_changed_at = now(), deletes_at = null
    where email = ${SMOKE_EMAIL} and is_smoke returning id`
  return account?.id ?? null
}

async function sweep(sql: Sql, accountId: string) {
  await sql`
    delete from sessions where account_id = ${accountId} and created_at < now() - ${A_RUN}::interval`
  await sql`
    delete from spaces using memberships, lists
    where spaces.id = memberships.space_id and lists.id = spaces.id and not lists.is_inbox
      and memberships.account_id = ${accountId} and memberships.role = 'owner'
      and lists.created_at < now() - ${A_RUN}::interval`
  const [inbox] = await sql<{ id: string }[]>`
    select spaces.id from memberships join lists on lists.id = memberships.space_id join spaces on spaces.id = lists.id
    where memberships.account_id = ${accountId} and lists.is_inbox for no key update of spaces`
  if (!inbox) return
  await sql`
    with swept as (
      delete from todos where list_id = ${inbox.id} and created_at < now() - ${A_RUN}::interval returning id
    )
    update spaces set rev = rev + 1, size = size - (select count(*) from swept) where id = ${inbox.id}`
  await sql`delete from tombstones where space_id = ${inbox.id}`
}
