import type { Dependencies } from "../dependencies.ts"
import type { Caller } from "./access-token.ts"
import { endSession, lockRefreshableSession } from "./queries.ts"
import { readRefreshToken } from "./refresh-token.ts"

/** Ends the session of the access token, and the one of the refresh token: either is enough, neither is no fault. */
export async function signOut(
  { sql, liveSessions }: Pick<Dependencies, "sql" | "liveSessions">,
  caller: Caller | null,
  refreshToken: string | null,
): Promise<void> {
  const token = refreshToken ? readRefreshToken(refreshToken) : null
  // One after the other: a transaction that locks two sessions could meet one that locks them the other way round.
  if (caller) liveSessions.forget(await sql.begin((sql) => endSession(sql, caller)))
  if (!token) return
  const ended = await sql.begin(async (sql) => {
    const session = await lockRefreshableSession(sql, token)
    return session
      ? endSession(sql, { accountId: session.accountId, sessionId: token.sessionId })
      : ([] as string[])
  })
  liveSessions.forget(ended)
}
