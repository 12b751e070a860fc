import type { Sql } from "../database/connect.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge } from "../limits/queries.ts"
import { moveEmail } from "./change-email.ts"
import { inEvenTime } from "./even-time.ts"
import { givenEmail } from "./given-email.ts"
import { chargeLetter } from "./letter-limits.ts"
import { linkExpired } from "./link-expired.ts"
import { findAccount, markVerified, takeToken, wasTokenJustUsed } from "./queries.ts"

/** Sends the link again to an address that waits for it. The same answer and time for any other. */
export async function resendVerification(
  { sql, letters }: Pick<Dependencies, "sql" | "letters">,
  givenAddress: string,
  address: string,
): Promise<void> {
  const email = givenEmail(givenAddress)
  const network = networkOf(address)
  await charge(sql, LIMITS.lettersByNetwork, network)
  await inEvenTime(async () => {
    const account = await findAccount(sql, email, network)
    await chargeLetter(sql, email, network, account)
    if (!account || account.verified) return
    // Where the password is no one's, being verified would not let anyone in (register.ts).
    const kind = account.passwordHash === null ? "reset-password" : "verify-email"
    await letters.enqueue(sql, { kind, accountId: account.id })
  })
}

/**
 * Uses the token of a letter that asks whether an address is one's own: a new account's, or a changed one's.
 * Following the link again within the hour succeeds again: what it asked for is so.
 */
export async function confirmEmail(
  { sql, letters }: Pick<Dependencies, "sql" | "letters">,
  token: string,
  address: string,
): Promise<void> {
  await charge(sql, LIMITS.confirmationsByNetwork, networkOf(address))
  await sql.begin(async (sql: Sql) => {
    const taken = await takeToken(sql, token, ["verify-email", "change-email"])
    const confirmed = !taken
      ? await wasTokenJustUsed(sql, token)
      : taken.purpose === "verify-email"
        ? await markVerified(sql, taken.accountId, taken.email)
        : await moveEmail(sql, letters, taken.accountId, taken.email)
    if (!confirmed) throw linkExpired()
  })
}
