import { readMe } from "../accounts/queries.ts"
import type { Sql } from "../database/connect.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge } from "../limits/queries.ts"
import { Problem } from "../problems.ts"
import { ACCESS_TOKEN_SECONDS } from "./access-token.ts"
import {
  type Client,
  endSession,
  findDeletedAccount,
  lockRefreshableSession,
  rotateRefreshToken,
  touchSession,
} from "./queries.ts"
import { readRefreshToken } from "./refresh-token.ts"
import type { SignedIn } from "./shapes.ts"
import type { Refreshed } from "./sign-in.ts"

type RefreshDependencies = Pick<Dependencies, "sql" | "log" | "accessTokens" | "liveSessions">

/**
 * Trades a refresh token for an access token and the next refresh token; null if it is no good.
 *
 * Rotation with generations (RFC 9700, 4.14.2): a token stays good until one of a later generation is first used, so
 * two tabs that refresh at once both succeed, and an answer that was lost on the way can be asked for again; and for 30
 * seconds after that, for requests already under way. A token used later than that was copied: whoever holds
 * which copy, the session ends.
 *
 * Throws `account-deleted` to whoever has a token of a session that went with its account.
 */
export async function refresh(
  dependencies: RefreshDependencies,
  given: string,
  client: Client,
): Promise<{ body: SignedIn; refresh: Refreshed } | null> {
  const { sql, log, accessTokens, liveSessions } = dependencies
  const token = readRefreshToken(given)
  if (token) await charge(sql, LIMITS.refreshesBySession, token.sessionId)
  const outcome = token && (await sql.begin((sql) => rotate(sql, token, client)))
  if (!outcome || outcome.reused) {
    if (outcome?.reused) {
      liveSessions.forget(outcome.reused)
      log.warn({ accountId: outcome.accountId }, "a refresh token was used again: its session was ended")
    }
    await charge(sql, LIMITS.badRefreshesByNetwork, networkOf(client.address))
    const deleted = token && (await findDeletedAccount(sql, token))
    if (deleted) throw Problem.accountDeleted(deleted)
    return null
  }
  const { caller, me, next } = outcome
  return {
    body: { accessToken: await accessTokens.sign(caller), expiresIn: ACCESS_TOKEN_SECONDS, me },
    refresh: next,
  }
}

async function rotate(sql: Sql, token: NonNullable<ReturnType<typeof readRefreshToken>>, client: Client) {
  const session = await lockRefreshableSession(sql, token)
  if (!session?.live) return null
  const caller = { accountId: session.accountId, sessionId: token.sessionId }
  const next = await rotateRefreshToken(sql, token)
  if (next === null) return { accountId: caller.accountId, reused: await endSession(sql, caller) }
  await touchSession(sql, token.sessionId, client)
  const me = await readMe(sql, session.accountId)
  return me && { reused: null, caller, me, next: { token: next, seconds: session.cookieSeconds } }
}
