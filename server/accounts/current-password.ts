import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { charge, refund } from "../limits/queries.ts"
import { Problem } from "../problems.ts"
import { readCredentials } from "./queries.ts"

/**
 * Asks someone signed in for their password again, before what a thief of the session must not do. Returns the
 * account's address; throws `wrong-password`.
 */
export async function checkCurrentPassword(
  { sql, passwords }: Pick<Dependencies, "sql" | "passwords">,
  accountId: string,
  password: string,
): Promise<{ email: string }> {
  await charge(sql, LIMITS.passwordChecks, accountId)
  const account = await readCredentials(sql, accountId)
  if (!account) throw Problem.unauthenticated()
  if (!(await passwords.verify(password, account.passwordHash)))
    throw new Problem(403, "wrong-password", "That is not your password.")
  await refund(sql, [[LIMITS.passwordChecks, accountId]])
  return account
}
