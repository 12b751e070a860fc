import { mailConfigured } from "../config.ts"
import type { Sql } from "../database/connect.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { charge } from "../limits/queries.ts"
import type { Letters } from "../mail/letters.ts"
import { Problem } from "../problems.ts"
import { checkCurrentPassword } from "./current-password.ts"
import { givenEmail } from "./given-email.ts"
import {
  deleteUnverified,
  lockPendingEmail,
  markVerified,
  releaseLapsedEmail,
  updateAccount,
  voidTokens,
} from "./queries.ts"
import type { Me } from "./shapes.ts"

/**
 * Asks the new address whether it is the person's own; until it says so the old one stays. Where no letters can be
 * sent it moves at once. Nothing tells that the new address has an account: its owner is asked all the same, and told
 * when confirming.
 */
export async function changeEmail(
  dependencies: Pick<Dependencies, "config" | "sql" | "letters" | "passwords">,
  accountId: string,
  given: { email: string; password: string },
): Promise<{ me: Me; pending: boolean }> {
  const { config, sql, letters } = dependencies
  const email = givenEmail(given.email)
  const current = await checkCurrentPassword(dependencies, accountId, given.password)
  await charge(sql, LIMITS.emailChanges, accountId)
  const pending = mailConfigured(config) && email !== current.email
  const me = await sql.begin(async (sql) => {
    await voidTokens(sql, accountId, ["change-email"])
    if (!pending) {
      await releaseLapsedEmail(sql, email)
      return updateAccount(sql, accountId, { email, pendingEmail: null }).catch(emailTaken)
    }
    const me = await updateAccount(sql, accountId, { pendingEmail: email })
    await letters.enqueue(sql, { kind: "change-email", accountId })
    return me
  })
  if (!me) throw Problem.unauthenticated()
  return { me, pending }
}

/**
 * Moves the account to `email`, which its owner has just shown to be theirs, and tells the old address. False if
 * the account no longer waits for that address. Throws `email-taken` if someone else verified it meanwhile.
 */
export async function moveEmail(
  sql: Sql,
  letters: Letters,
  accountId: string,
  email: string,
): Promise<boolean> {
  const account = await lockPendingEmail(sql, accountId, email)
  if (!account) return false
  // A registration of this address that no one ever verified gives way to who reads its mailbox.
  await deleteUnverified(sql, email)
  await releaseLapsedEmail(sql, email)
  await updateAccount(sql, accountId, { email, pendingEmail: null, previousEmail: account.email }).catch(
    emailTaken,
  )
  await markVerified(sql, accountId, email)
  await voidTokens(sql, accountId, ["verify-email", "reset-password"])
  await letters.enqueue(sql, { kind: "email-changed", accountId })
  return true
}

function emailTaken(error: unknown): never {
  if ((error as { constraint_name?: string }).constraint_name === "accounts_email_key")
    throw Problem.conflict("email-taken", "That address has an account already.")
  throw error
}
