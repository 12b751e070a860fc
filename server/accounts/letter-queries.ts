import type { Sql } from "../database/connect.ts"
import type { Language } from "../mail/letters/languages.ts"
import type { LetterTokenPurpose } from "./letter-tokens.ts"

/** What a letter needs to know of the account that it is for. */
export type Addressee = {
  email: string
  emailVerifiedAt: string | null
  pendingEmail: string | null
  previousEmail: string | null
  name: string
  language: Language
  timeZone: string
  passwordChangedAt: string
  deletesAt: string | null
}

/** Null for an account that is gone, and for the smoke test's, which nothing is written to. */
export async function findAddressee(sql: Sql, accountId: string): Promise<Addressee | null> {
  const [addressee] = await sql<Addressee[]>`
    select email, email_verified_at, pending_email, previous_email, name, language, time_zone, password_changed_at,
      deletes_at
    from accounts where id = ${accountId} and not is_smoke`
  return addressee ?? null
}

export type StoredToken = {
  hash: Buffer
  accountId: string
  purpose: LetterTokenPurpose
  /** The address that it is for. */
  email: string
  /** How long it is good for. */
  seconds: number
}

export async function storeLetterToken(sql: Sql, token: StoredToken): Promise<void> {
  await sql`
    insert into letter_tokens (hash, account_id, purpose, email, expires_at)
    values (${token.hash}, ${token.accountId}, ${token.purpose}, ${token.email},
      now() + make_interval(secs => ${token.seconds}))`
}

/** A letter that was refused has told nobody its token. */
export async function deleteLetterToken(sql: Sql, hash: Buffer): Promise<void> {
  await sql`delete from letter_tokens where hash = ${hash}`
}

/** The owner of the old address has been told of the change. */
export async function clearPreviousEmail(sql: Sql, accountId: string, email: string): Promise<void> {
  await sql`update accounts set previous_email = null where id = ${accountId} and previous_email = ${email}`
}
