import { jwt } from "@elysiajs/jwt"
import { Elysia } from "elysia"
import type { Config } from "../config.ts"

/** Seconds an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 15 * 60

const ISSUER = "docket"
const AUDIENCE = "docket-api"
const CHECKS = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["HS256"],
  requiredClaims: ["exp", "sub", "sid"],
}

/** Who a request comes from: the account, and the session that its token belongs to. */
export type Caller = { accountId: string; sessionId: string }

/**
 * Puts `accessTokens.sign(caller)` and `accessTokens.verify(token)` on the context (RFC 7519). A token signed
 * with `JWT_SECRET_KEY_PREVIOUS` is still accepted while keys rotate; new ones are signed with the current key.
 */
export const accessTokens = (config: Config) =>
  new Elysia({ name: "access-tokens", seed: config.jwtSecretKey })
    .use(jwt({ name: "currentKey", secret: config.jwtSecretKey, alg: "HS256", iss: ISSUER, aud: AUDIENCE }))
    .use(
      jwt({ name: "previousKey", secret: config.jwtSecretKeyPrevious ?? config.jwtSecretKey, alg: "HS256" }),
    )
    .derive({ as: "global" }, ({ currentKey, previousKey }) => ({
      accessTokens: {
        sign: ({ accountId, sessionId }: Caller) =>
          currentKey.sign({ sub: accountId, sid: sessionId, exp: `${ACCESS_TOKEN_SECONDS}s` }),
        verify: async (token: string): Promise<Caller | null> => {
          const claims = (await currentKey.verify(token, CHECKS)) || (await previousKey.verify(token, CHECKS))
          return claims ? { accountId: String(claims.sub), sessionId: String(claims.sid) } : null
        },
      },
    }))
