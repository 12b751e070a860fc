import {
  hashToken,
  LETTER_TOKEN_SECONDS,
  type LetterTokenPurpose,
  makeToken,
} from "../accounts/letter-tokens.ts"
import type { Limit } from "../limits/limits.ts"
import { charge, refund } from "../limits/queries.ts"
import type { TestApp } from "./app.ts"

let people = 0

/** Someone with an address of their own, in both senses. Only names and numbers: nothing is registered. */
export function newPerson() {
  people += 1
  return {
    email: `someone${people}@example.org`,
    password: `correct horse ${people} battery`,
    name: `Someone ${people}`,
    /** From the range for benchmarks (RFC 2544). */
    address: `198.18.${people >> 8}.${people & 255}`,
  }
}

export type Person = ReturnType<typeof newPerson>

/** The token that a letter of this purpose would carry, stored as the worker stores it. */
export async function tokenFor(
  { dependencies: { sql } }: TestApp,
  email: string,
  purpose: LetterTokenPurpose,
): Promise<string> {
  const { token, hash } = makeToken()
  await sql`
    insert into letter_tokens (hash, account_id, purpose, email, expires_at)
    select ${hash}, id, ${purpose}, case when ${purpose === "change-email"} then pending_email else email end,
      now() + make_interval(secs => ${LETTER_TOKEN_SECONDS[purpose]})
    from accounts where email = ${email}`
  return token
}

/** Makes a token as old as it would be after `seconds`. */
export const ageToken = ({ dependencies: { sql } }: TestApp, token: string, seconds: number) => sql`
  update letter_tokens set expires_at = expires_at - make_interval(secs => ${seconds}),
    used_at = used_at - make_interval(secs => ${seconds})
  where hash = ${hashToken(token)}`

/** Registers `person` and follows the link. */
export async function registered(docket: TestApp, person: Person = newPerson()): Promise<Person> {
  const { email, password, name, address } = person
  await docket.request("POST", "/api/accounts", { body: { email, password, name }, address })
  const token = await tokenFor(docket, email, "verify-email")
  await docket.request("POST", "/api/email-verifications/confirmation", { body: { token }, address })
  return person
}

/** Tries to sign in, from the person's own address by default. */
export const trySignIn = (
  docket: TestApp,
  { email, password, address }: Pick<Person, "email" | "password" | "address">,
) => docket.request("POST", "/api/sessions", { body: { email, password }, address })

/** The kinds of letters that are queued for an address, in order. */
export async function lettersTo(docket: TestApp, email: string): Promise<string[]> {
  const [account] = await docket.dependencies.sql<{ id: string }[]>`
    select id from accounts where email = ${email}`
  const letters = await docket.letters()
  return letters.filter(({ accountId }) => accountId === account?.id).map(({ kind }) => kind)
}

/** Uses up a limit but for `left`, as so many requests would. */
export async function exhaust({ dependencies: { sql } }: TestApp, limit: Limit, key: string, left = 0) {
  for (let n = 0; n < limit.burst; n += 1) await charge(sql, limit, key).catch(() => {})
  for (let n = 0; n < left; n += 1) await refund(sql, [[limit, key]])
}
