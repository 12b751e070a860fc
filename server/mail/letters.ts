import type { Sql } from "../database/connect.ts"

/**
 * A letter to send, as it is queued: which one and whose account, nothing secret. The worker makes the token
 * when it sends, so no raw token is ever in the database or a backup.
 */
export type Letter = {
  kind:
    | "verify-email"
    | "reset-password"
    | "change-email"
    | "password-changed"
    | "email-changed"
    | "registration-attempted"
    | "deletion-scheduled"
  accountId: string
}

export type Letters = {
  /** Queues `letter` in the caller's transaction: it goes out if, and only if, that commits. */
  enqueue: (sql: Sql, letter: Letter) => Promise<void>
}
