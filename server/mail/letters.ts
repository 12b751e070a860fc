import type { Config } from "../config.ts"
import { mailConfigured } from "../config.ts"
import type { Sql } from "../database/connect.ts"
import { inTransaction, type Queue } from "../jobs/queue.ts"

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
  /**
   * Queues `letter` in the caller's transaction: it goes out if, and only if, that commits. A letter of the same
   * kind that already waits for the account stands for both. Does nothing where no mail is configured.
   */
  enqueue: (sql: Sql, letter: Letter) => Promise<void>
  /** Why this process sends no letters at the moment, or null while it does. */
  pause: () => Pause | null
}

/** Since when no letters go out, and why: the mail server can't be reached, or would take none. */
export type Pause = {
  since: string
  reason: string
  /** On purpose: nothing goes out of a restored database that its operator has not released. */
  held?: boolean
}

/** The queue's name, in pgboss.queue and pgboss.job. */
export const LETTERS = "letters"

/** Makes the queue where it is missing, and brings its settings up to date. */
export async function openLetterQueue({ boss }: Queue): Promise<void> {
  const settings = {
    // A 4xx reply is tried again after 1 to 15 minutes, for a day (server/mail/worker.ts), so never by count.
    retryLimit: 1000,
    retryDelay: 120,
    retryBackoff: true,
    retryDelayMax: 15 * 60,
    // Longer than every timeout of a transport together; after it another process takes over.
    expireInSeconds: 120,
    deleteAfterSeconds: 7 * 24 * 60 * 60,
    retentionSeconds: 14 * 24 * 60 * 60,
  }
  await boss.createQueue(LETTERS, { ...settings, policy: "short" })
  await boss.updateQueue(LETTERS, settings)
}

/** The letters of `queue`, which `openLetterQueue` has prepared. */
export const queuedLetters = (
  { boss }: Queue,
  config: Config,
  pause: Letters["pause"] = () => null,
): Letters => ({
  pause,
  enqueue: async (sql, letter) => {
    if (!mailConfigured(config)) return
    const singletonKey = `${letter.kind}/${letter.accountId}`
    await boss.send(LETTERS, letter, { singletonKey, db: inTransaction(sql) })
  },
})
