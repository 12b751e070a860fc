import type { Pool } from "../database/connect.ts"
import { LIMITS } from "../limits/limits.ts"
import { charge } from "../limits/queries.ts"
import type { AccountByEmail } from "./queries.ts"

/** Counts a letter that someone not signed in has sent to `email`; the same whether or not it has an account. */
export async function chargeLetter(
  sql: Pool,
  email: string,
  network: string,
  account: AccountByEmail | null,
): Promise<void> {
  await charge(sql, LIMITS.lettersByAddressAndNetwork, `${email} ${network}`)
  if (!account?.networkKnown) await charge(sql, LIMITS.lettersByAddress, email)
}
