import { jwt } from "@elysiajs/jwt"
import type { Config } from "../config.ts"
import { LeastRecentlyUsed } from "./least-recently-used.ts"

/** Seconds an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 15 * 60

const ISSUER = "docket"
const AUDIENCE = "docket-api"
const ALGORITHM = "HS256"
/** Without these `verify` would accept a token made for another audience, or one that never expires. */
const CHECKS = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: [ALGORITHM],
  requiredClaims: ["exp", "sub", "sid"],
}
/** Verified tokens a process remembers; about 1 kB each. */
const REMEMBERED_TOKENS = 10_000

/** Who a request comes from: the account, and the session that its token belongs to. */
export type Caller = { accountId: string; sessionId: string }

export type AccessTokens = {
  /** A token for `caller`, good for `ACCESS_TOKEN_SECONDS`. */
  sign: (caller: Caller) => Promise<string>
  /** The caller, or null for a token that is not ours, not for us, or expired. Checks no session. */
  verify: (token: string) => Caller | null | Promise<Caller | null>
}

/**
 * Signs and verifies access tokens (RFC 7519, RFC 8725). A token signed with `JWT_SECRET_KEY_PREVIOUS` is
 * still accepted while keys rotate; new ones are signed with the current key. A signature stays right for as long as
 * its token lives, so a token seen before costs a look-up, and only its expiry is checked again.
 */
export function createAccessTokens(
  config: Pick<Config, "jwtSecretKey" | "jwtSecretKeyPrevious">,
  now: () => number = Date.now,
): AccessTokens {
  const { currentKey } = jwt({
    name: "currentKey",
    secret: config.jwtSecretKey,
    alg: ALGORITHM,
    iss: ISSUER,
    aud: AUDIENCE,
  }).decorator
  const previousKey = config.jwtSecretKeyPrevious
    ? jwt({ name: "previousKey", secret: config.jwtSecretKeyPrevious, alg: ALGORITHM }).decorator.previousKey
    : null
  const verified = new LeastRecentlyUsed<string, { caller: Caller; expiresAt: number }>(REMEMBERED_TOKENS)

  async function verifySignature(token: string): Promise<Caller | null> {
    const checks = { ...CHECKS, currentDate: new Date(now()) }
    const claims =
      (await currentKey.verify(token, checks)) || (previousKey && (await previousKey.verify(token, checks)))
    if (!claims) return null
    const caller = { accountId: String(claims.sub), sessionId: String(claims.sid) }
    verified.set(token, { caller, expiresAt: Number(claims.exp) * 1000 })
    return caller
  }

  return {
    sign: ({ accountId, sessionId }) =>
      currentKey.sign({
        sub: accountId,
        sid: sessionId,
        exp: Math.floor(now() / 1000) + ACCESS_TOKEN_SECONDS,
      }),
    verify: (token) => {
      const seen = verified.get(token)
      if (!seen) return verifySignature(token)
      if (now() < seen.expiresAt) return seen.caller
      verified.delete(token)
      return null
    },
  }
}
