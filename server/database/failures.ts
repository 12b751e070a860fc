import { Problem } from "../problems.ts"

/** Of postgres.js, of sockets, and of name look-ups: there is no connection to be had. */
const NO_CONNECTION = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
])

/**
 * query_canceled (a statement timeout), lock_not_available (a lock timeout), deadlock_detected,
 * idle_in_transaction_session_timeout: sent again, it goes through.
 */
const OUTWAITED = new Set(["57014", "55P03", "40P01", "25P03"])

/**
 * The problem that the caller is told of when the database, and not the request, is at fault; null for any
 * other error. SQLSTATE codes are in PostgreSQL's appendix A.
 */
export function databaseProblem(error: unknown): Problem | null {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== "string") return null
  if (NO_CONNECTION.has(code) || /^(08...|57P0[1-5]|53[34]00|25006)$/.test(code)) {
    return Problem.databaseUnavailable()
  }
  return OUTWAITED.has(code) ? Problem.timedOut() : null
}
