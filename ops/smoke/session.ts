import { SMOKE_HASH_PARAMETERS } from "../../server/accounts/smoke-account.ts"
import type { StoreHash } from "./account.ts"
import { type SmokeSession, signIn } from "./api.ts"
import type { Outside } from "./outside.ts"

/** A password of 32 random bytes, of which only the hash is passed on. */
export async function newPassword(storeHash: StoreHash): Promise<string> {
  const password = crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url" })
  await storeHash(await Bun.password.hash(password, SMOKE_HASH_PARAMETERS))
  return password
}

/** Other runs at the same moment may have given the account their own passwords just now: then with another. */
export async function signInAmongOthers(
  outside: Outside,
  first: string,
  storeHash: StoreHash,
  headers?: Record<string, string>,
): Promise<SmokeSession> {
  for (let password = first, tries = 1; ; tries += 1) {
    try {
      return await signIn(outside, password, headers)
    } catch (error) {
      if (tries === 3 || !/wrong-credentials/.test((error as Error).message)) throw error
      // Not in step with them.
      await Bun.sleep(Math.random() * 1000 * tries)
      password = await newPassword(storeHash)
    }
  }
}
