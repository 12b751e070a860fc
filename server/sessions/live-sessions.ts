import { LeastRecentlyUsed } from "./least-recently-used.ts"

/**
 * Milliseconds a session that was read as live is taken to be so without reading it again: an ended session
 * stops working within this time on every replica, without any message between them.
 */
const TRUSTED_FOR = 5000
const REMEMBERED_SESSIONS = 10_000

/** The sessions this process has lately read as live. */
export class LiveSessions {
  readonly #trustedUntil = new LeastRecentlyUsed<string, number>(REMEMBERED_SESSIONS)

  /** `now` in milliseconds from any start, never going back. */
  constructor(readonly now: () => number = () => performance.now()) {}

  isTrusted(sessionId: string): boolean {
    return (this.#trustedUntil.get(sessionId) ?? 0) > this.now()
  }

  /** `readAt` is when the reading began: what ended while it ran is then noticed in time. */
  trust(sessionId: string, readAt: number) {
    this.#trustedUntil.set(sessionId, readAt + TRUSTED_FOR)
  }

  /** Makes the end of sessions felt at once on this replica. */
  forget(sessionIds: string[]) {
    for (const id of sessionIds) this.#trustedUntil.delete(id)
  }
}
