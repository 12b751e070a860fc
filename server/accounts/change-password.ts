import type { Dependencies } from "../dependencies.ts"
import { endSessions } from "../sessions/queries.ts"
import { checkCurrentPassword } from "./current-password.ts"
import { hashNewPassword } from "./new-password.ts"
import { clearPendingEmail, setPassword } from "./queries.ts"

/** Sets a new password for someone signed in, ends their other sessions, and tells them by letter. */
export async function changePassword(
  dependencies: Pick<Dependencies, "sql" | "letters" | "passwords" | "liveSessions">,
  { accountId, sessionId }: { accountId: string; sessionId: string },
  given: { currentPassword: string; password: string },
): Promise<void> {
  const { sql, letters, liveSessions } = dependencies
  const { email } = await checkCurrentPassword(dependencies, accountId, given.currentPassword)
  const passwordHash = await hashNewPassword(dependencies, given.password, email)
  const ended = await sql.begin(async (sql) => {
    await clearPendingEmail(sql, accountId)
    await setPassword(sql, accountId, passwordHash)
    await letters.enqueue(sql, { kind: "password-changed", accountId })
    return endSessions(sql, accountId, sessionId)
  })
  liveSessions.forget(ended)
}
