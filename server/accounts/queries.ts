import type { Sql } from "../database/connect.ts"
import { noteRaised } from "../database/transactions.ts"
import { noteDeletedSessions } from "../sessions/queries.ts"
import { hashToken, type LetterTokenPurpose } from "./letter-tokens.ts"
import type { Me } from "./shapes.ts"

export type NewAccount = {
  /** Already normalised (email.ts). */
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
 * id, or null if the address is taken.
 */
export async function createAccount(sql: Sql, account: NewAccount): Promise<string | null> {
  await releaseLapsedEmail(sql, account.email)
  const id = await createSpace(sql, "personal")
  const created = await sql`
    insert into accounts (id, email, email_verified_at, password_hash, name, language, time_zone, rev)
    values (${id}, ${account.email}, ${account.verified ? sql`now()` : null}, ${account.passwordHash}, ${account.name},
      ${account.language}, ${account.timeZone}, 1)
    on conflict (email) do nothing`
  if (created.count === 0) {
    await sql`delete from spaces where id = ${id}`
    return null
  }
  await createInbox(sql, id)
  return id
}

/** Frees the address of an account that is past its deletion and only waits to be purged. */
export async function releaseLapsedEmail(sql: Sql, email: string) {
  await sql`update accounts set email = id || '@lapsed.invalid' where email = ${email} and deletes_at <= now()`
}

async function createInbox(sql: Sql, accountId: string) {
  const id = await createSpace(sql, "list")
  await sql`
    insert into lists (id, name, is_inbox, creation_digest, rev) values (${id}, 'Inbox', true, '\\x', 1)`
  await sql`
    insert into memberships (space_id, account_id, role, position, rev)
    values (${id}, ${accountId}, 'owner', 'a0', 1)`
}

async function createSpace(sql: Sql, kind: "personal" | "list"): Promise<string> {
  const [space] = await sql<[{ id: string }]>`
    insert into spaces (id, kind, rev) values (uuidv7(), ${kind}, 1) returning id`
  return space.id
}

/** What signing in and writing to someone need to know of the account behind an address. */
export type AccountByEmail = {
  id: string
  /** Null when it is no one's. */
  passwordHash: string | null
  verified: boolean
  /** The standing account of the smoke test, which is no one's (smoke-account.ts). */
  isSmoke: boolean
  /** Whether the account has had a session from the network the request came from. */
  networkKnown: boolean
}

/** The account of a normalised address; none that is past its deletion. `network` in CIDR notation. */
export async function findAccount(sql: Sql, email: string, network: string): Promise<AccountByEmail | null> {
  const [account] = await sql<AccountByEmail[]>`
    select id, password_hash, email_verified_at is not null as verified, is_smoke, exists (
      select from sessions where account_id = accounts.id and address <<= ${network}::inet
    ) as network_known
    from accounts where email = ${email} and (deletes_at is null or deletes_at > now())`
  return account ?? null
}

/** The same with the account locked. Call it in a transaction. */
export async function lockAccount(
  sql: Sql,
  email: string,
): Promise<Omit<AccountByEmail, "isSmoke" | "networkKnown"> | null> {
  const [account] = await sql<Omit<AccountByEmail, "isSmoke" | "networkKnown">[]>`
    select id, password_hash, email_verified_at is not null as verified from accounts where email = ${email}
    for no key update`
  return account ?? null
}

/** Makes the password no one's, and the links worthless that would let whoever chose it in. */
export async function disownPassword(sql: Sql, accountId: string) {
  await sql`update accounts set password_hash = null where id = ${accountId}`
  await voidTokens(sql, accountId, ["verify-email"])
}

const meColumns = (sql: Sql) =>
  sql`id, email, pending_email, name, language, time_zone, theme, deletes_at, rev, created_at, updated_at`

/** The caller's own account; null if it is gone. */
export async function readMe(sql: Sql, accountId: string): Promise<Me | null> {
  const [me] = await sql<Me[]>`select ${meColumns(sql)} from accounts where id = ${accountId}`
  return me ?? null
}

/** The address and the hash that a signed-in person's password is checked against. */
export async function readCredentials(
  sql: Sql,
  accountId: string,
): Promise<{ email: string; passwordHash: string | null } | null> {
  const [account] = await sql<{ email: string; passwordHash: string | null }[]>`
    select email, password_hash from accounts where id = ${accountId}`
  return account ?? null
}

type AccountChange = Partial<
  Pick<Me, "theme" | "email" | "pendingEmail"> & Pick<NewAccount, "name" | "language" | "timeZone">
> & {
  previousEmail?: string
}

/**
 * Changes what the person's devices hold of the account. The one write path: it raises the personal space's rev,
 * which locks it, and stamps the row with it. Call it in a transaction. Null if the account is gone.
 */
export async function updateAccount(sql: Sql, accountId: string, change: AccountChange): Promise<Me | null> {
  const rev = await raisePersonalRev(sql, accountId)
  if (rev === null) return null
  const columns = { ...change, rev, updatedAt: sql`now()` }
  const [me] = await sql<Me[]>`
    update accounts set ${sql(columns as never)} where id = ${accountId} returning ${meColumns(sql)}`
  return me ?? null
}

/** Sets or clears the moment the account is deleted; asking again does not put it off. Null if it is past. */
export async function scheduleDeletion(sql: Sql, accountId: string, days: number | null): Promise<Me | null> {
  const rev = await raisePersonalRev(sql, accountId)
  const [me] = await sql<Me[]>`
    update accounts set rev = ${rev}, updated_at = now(), deletes_at = ${
      days === null ? null : sql`coalesce(deletes_at, now() + make_interval(days => ${days}))`
    }
    where id = ${accountId} and (deletes_at is null or deletes_at > now())
    returning ${meColumns(sql)}`
  return me ?? null
}

async function raisePersonalRev(sql: Sql, accountId: string): Promise<number | null> {
  const [space] = await sql<{ rev: number }[]>`
    update spaces set rev = rev + 1 where id = ${accountId} returning rev`
  if (!space) return null
  noteRaised(sql, accountId, space.rev)
  return space.rev
}

/** Sets a new password: the address is its owner's now, and whatever else could take the account over is void. */
export async function setPassword(sql: Sql, accountId: string, passwordHash: string) {
  await sql`
    update accounts set password_hash = ${passwordHash}, password_changed_at = now() where id = ${accountId}`
  await sql`
    delete from letter_tokens
    where account_id = ${accountId} and purpose in ('reset-password', 'change-email') and used_at is null`
}

/** Stores the same password hashed anew, unless it was changed meanwhile. Returns whether it was stored. */
export async function rehashPassword(
  sql: Sql,
  accountId: string,
  from: string,
  to: string,
): Promise<boolean> {
  const stored = await sql`
    update accounts set password_hash = ${to} where id = ${accountId} and password_hash = ${from}`
  return stored.count === 1
}

/** Marks the address as shown to be the person's, if it still is the account's. */
export async function markVerified(sql: Sql, accountId: string, email: string): Promise<boolean> {
  const verified = await sql`
    update accounts set email_verified_at = coalesce(email_verified_at, now())
    where id = ${accountId} and email = ${email}`
  return verified.count === 1
}

/** The account's present address, with the account locked, if it waits for `email` to be confirmed. */
export async function lockPendingEmail(
  sql: Sql,
  accountId: string,
  email: string,
): Promise<{ email: string } | null> {
  const [account] = await sql<{ email: string }[]>`
    select accounts.email from spaces join accounts on accounts.id = spaces.id
    where spaces.id = ${accountId} and pending_email = ${email} for no key update`
  return account ?? null
}

/** Forgets a new address that waits: whoever asked for it may be who the password is being changed against. */
export async function clearPendingEmail(sql: Sql, accountId: string) {
  const [pending] = await sql`select from accounts where id = ${accountId} and pending_email is not null`
  if (pending) await updateAccount(sql, accountId, { pendingEmail: null })
}

/** Deletes the account of an address that was never verified, if there is one. It can hold nothing of anyone's. */
export async function deleteUnverified(sql: Sql, email: string) {
  const [account] = await sql<{ id: string }[]>`
    select id from accounts where email = ${email} and email_verified_at is null for update`
  if (account) await deleteAccount(sql, account.id)
}

/**
 * Deletes the account and every space it owns, with all they hold. Keeps its id, so that a restored backup is rid of it
 * too, and what its devices are told it by. Call it in a transaction. Returns whether there was such an account.
 */
export async function deleteAccount(sql: Sql, accountId: string): Promise<boolean> {
  // Whoever signs in meanwhile is waited for, and noted.
  const [account] = await sql`select from accounts where id = ${accountId} for update`
  if (account) {
    await sql`insert into erasures (account_id) values (${accountId}) on conflict do nothing`
    await noteDeletedSessions(sql, accountId)
  }
  const owned = await sql<{ spaceId: string }[]>`
    select space_id from memberships where account_id = ${accountId} and role = 'owner'`
  const deleted = await sql`delete from accounts where id = ${accountId}`
  await sql`delete from spaces where id in ${sql([accountId, ...owned.map(({ spaceId }) => spaceId)])}`
  return deleted.count === 1
}

/** Days an address may wait to be verified. Then the account goes, and someone else may register it afresh. */
const UNVERIFIED_DAYS = 7
/** Accounts deleted in one run; there is another soon. */
const ACCOUNTS_A_RUN = 1000
/** Todos deleted by one statement: a second's work. */
const TODOS_AT_ONCE = 5000

/** The accounts whose deletion is due, and those that were never verified in time. */
export async function lapsedAccounts(sql: Sql): Promise<string[]> {
  const lapsed = await sql<{ id: string }[]>`
    select id from accounts where deletes_at <= now()
    union
    select id from accounts
    where email_verified_at is null and created_at < now() - make_interval(days => ${UNVERIFIED_DAYS})
    limit ${ACCOUNTS_A_RUN}`
  return lapsed.map(({ id }) => id)
}

/** Deletes a portion of the todos in the account's lists. Returns how many. */
export async function deleteTodosOf(sql: Sql, accountId: string): Promise<number> {
  const deleted = await sql`
    delete from todos where id in (
      select todos.id from memberships join todos on todos.list_id = memberships.space_id
      where memberships.account_id = ${accountId} and memberships.role = 'owner' limit ${TODOS_AT_ONCE}
    )`
  return deleted.count
}

/** Deletes tokens a day after they expired: until then a link followed twice is known. Returns how many. */
export async function purgeLetterTokens(sql: Sql): Promise<number> {
  return (await sql`delete from letter_tokens where expires_at < now() - interval '1 day'`).count
}

export type TakenToken = { accountId: string; purpose: LetterTokenPurpose; email: string }

/** Uses up a token that is good for one of `purposes`. Null if it is unknown, used or expired. */
export async function takeToken(
  sql: Sql,
  token: string,
  purposes: LetterTokenPurpose[],
): Promise<TakenToken | null> {
  const [taken] = await sql<TakenToken[]>`
    update letter_tokens set used_at = now()
    where hash = ${hashToken(token)} and purpose in ${sql(purposes)} and used_at is null and expires_at > now()
    returning account_id, purpose, email`
  return taken ?? null
}

/** Whether the token can still be used for `purpose`, and for whom: asked before a password is hashed. */
export async function readToken(
  sql: Sql,
  token: string,
  purpose: LetterTokenPurpose,
): Promise<TakenToken | null> {
  const [found] = await sql<TakenToken[]>`
    select account_id, purpose, email from letter_tokens
    where hash = ${hashToken(token)} and purpose = ${purpose} and used_at is null and expires_at > now()`
  return found ?? null
}

/** Whether the token did what it is for within the last hour: its link was followed twice. */
export async function wasTokenJustUsed(sql: Sql, token: string): Promise<boolean> {
  const [used] = await sql`
    select from letter_tokens join accounts on accounts.id = letter_tokens.account_id
    where hash = ${hashToken(token)} and purpose in ('verify-email', 'change-email')
      and used_at > now() - interval '1 hour'
      and accounts.email = letter_tokens.email and email_verified_at is not null`
  return used !== undefined
}

/** Makes the account's unused tokens of these purposes worthless. */
export async function voidTokens(sql: Sql, accountId: string, purposes: LetterTokenPurpose[]) {
  await sql`
    delete from letter_tokens
    where account_id = ${accountId} and purpose in ${sql(purposes)} and used_at is null`
}
