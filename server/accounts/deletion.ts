import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { endSessions } from "../sessions/queries.ts"
import { checkCurrentPassword } from "./current-password.ts"
import { scheduleDeletion } from "./queries.ts"
import type { Me } from "./shapes.ts"

/** Days in which a person can change their mind. */
export const GRACE_DAYS = 14

/** Schedules the account's deletion; its other sessions end, and a letter tells when it will be. */
export async function requestDeletion(
  dependencies: Pick<Dependencies, "sql" | "letters" | "passwords" | "liveSessions">,
  { accountId, sessionId }: { accountId: string; sessionId: string },
  password: string,
): Promise<Me> {
  const { sql, letters, liveSessions } = dependencies
  await checkCurrentPassword(dependencies, accountId, password)
  const { me, ended } = await sql.begin(async (sql) => {
    const me = await scheduleDeletion(sql, accountId, GRACE_DAYS)
    if (!me) throw Problem.unauthenticated()
    await letters.enqueue(sql, { kind: "deletion-scheduled", accountId })
    return { me, ended: await endSessions(sql, accountId, sessionId) }
  })
  liveSessions.forget(ended)
  return me
}

/** Keeps the account after all. */
export async function cancelDeletion({ sql }: Pick<Dependencies, "sql">, accountId: string): Promise<Me> {
  const me = await sql.begin((sql) => scheduleDeletion(sql, accountId, null))
  if (!me) throw Problem.unauthenticated()
  return me
}
