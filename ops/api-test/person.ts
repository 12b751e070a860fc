import { makeToken } from "../../server/accounts/letter-tokens.ts"
import { createAccount } from "../../server/accounts/queries.ts"
import type { Pool } from "../../server/database/connect.ts"
import type { AccessTokens } from "../../server/sessions/access-token.ts"
import { createSession } from "../../server/sessions/queries.ts"

let people = 0

/** Someone new who is signed in and has unused links of letters. Hashes no password: `passwordHash` is everyone's. */
export async function makePerson(sql: Pool, accessTokens: AccessTokens, passwordHash: string) {
  people += 1
  const email = `someone${people}@example.org`
  const [verifyEmail, resetPassword] = [makeToken(), makeToken()]
  const caller = await sql.begin(async (sql) => {
    const account = { email, passwordHash, name: "Someone", language: "en", timeZone: "UTC", verified: true }
    const accountId = (await createAccount(sql, account))!
    await sql`
      insert into letter_tokens (hash, account_id, purpose, email, expires_at) values
        (${verifyEmail.hash}, ${accountId}, 'verify-email', ${email}, now() + interval '1 day'),
        (${resetPassword.hash}, ${accountId}, 'reset-password', ${email}, now() + interval '1 day')`
    const client = { userAgent: "Schemathesis", address: "192.0.2.1" }
    return { accountId, ...(await createSession(sql, { ...client, accountId, passwordHash }))! }
  })
  return {
    email,
    accessToken: await accessTokens.sign(caller),
    sessionId: caller.sessionId,
    refreshToken: caller.refreshToken,
    verifyEmail: verifyEmail.token,
    resetPassword: resetPassword.token,
  }
}
