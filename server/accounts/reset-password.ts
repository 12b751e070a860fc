import { mailConfigured } from "../config.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge } from "../limits/queries.ts"
import { Problem } from "../problems.ts"
import { endSessions } from "../sessions/queries.ts"
import { inEvenTime } from "./even-time.ts"
import { givenEmail } from "./given-email.ts"
import { chargeLetter } from "./letter-limits.ts"
import { linkExpired } from "./link-expired.ts"
import { hashNewPassword } from "./new-password.ts"
import { clearPendingEmail, findAccount, markVerified, readToken, setPassword, takeToken } from "./queries.ts"

/** Sends a link to choose a new password by, if the address has an account. The same answer and time if not. */
export async function requestPasswordReset(
  { config, sql, letters }: Pick<Dependencies, "config" | "sql" | "letters">,
  givenAddress: string,
  address: string,
): Promise<void> {
  if (!mailConfigured(config))
    throw new Problem(501, "mail-not-configured", "This installation sends no letters.", {
      detail: "Ask its operator, who can make a link for you: bun run reset-link ADDRESS",
    })
  const email = givenEmail(givenAddress)
  const network = networkOf(address)
  await charge(sql, LIMITS.lettersByNetwork, network)
  await inEvenTime(async () => {
    const account = await findAccount(sql, email, network)
    await chargeLetter(sql, email, network, account)
    if (account) await letters.enqueue(sql, { kind: "reset-password", accountId: account.id })
  })
}

/**
 * Sets a new password by the token of a letter, which also shows that the address is the person's. Ends every
 * session, makes every other such link worthless, and tells the person by letter.
 */
export async function resetPassword(
  dependencies: Pick<Dependencies, "sql" | "letters" | "passwords" | "liveSessions">,
  { token, password }: { token: string; password: string },
  address: string,
): Promise<void> {
  const { sql, letters, liveSessions } = dependencies
  await charge(sql, LIMITS.confirmationsByNetwork, networkOf(address))
  const found = await readToken(sql, token, "reset-password")
  if (!found) throw linkExpired()
  const passwordHash = await hashNewPassword(dependencies, password, found.email)
  const ended = await sql.begin(async (sql) => {
    const taken = await takeToken(sql, token, ["reset-password"])
    if (!taken) throw linkExpired()
    await clearPendingEmail(sql, taken.accountId)
    if (!(await markVerified(sql, taken.accountId, taken.email))) throw linkExpired()
    await setPassword(sql, taken.accountId, passwordHash)
    await letters.enqueue(sql, { kind: "password-changed", accountId: taken.accountId })
    return endSessions(sql, taken.accountId)
  })
  liveSessions.forget(ended)
}
