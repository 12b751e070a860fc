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
  const ended = await sql.begin(async (sql) => {
    const ended = caller ? await endSession(sql, caller) : []
    const session = token && (await lockRefreshableSession(sql, token))
    if (!session) return ended
    const ofCookie = { accountId: session.accountId, sessionId: token.sessionId }
    return [...ended, ...(await endSession(sql, ofCookie))]
  })
  liveSessions.forget(ended)
}
