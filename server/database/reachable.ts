import type { Logger } from "pino"
import { Problem } from "../problems.ts"
import type { Pool } from "./connect.ts"
import { databaseProblem } from "./failures.ts"

/** Says why the server cannot start; the message is for the operator and holds no secret. */
export class DatabaseRefused extends Error {}

/** Which variable leads there, for what is said. */
type Variable = "DATABASE_URL" | "DATABASE_DIRECT_URL"

/**
 * Waits until the database answers: it may start later than the server does. Throws `DatabaseRefused` for what no
 * waiting mends (a wrong password, no such database), and after `patienceSeconds`.
 */
export async function untilReachable(
  sql: Pool,
  log: Logger,
  variable: Variable,
  patienceSeconds = 60,
): Promise<void> {
  const until = performance.now() + patienceSeconds * 1000
  let toldAt = Number.NEGATIVE_INFINITY
  for (;;) {
    try {
      await sql`select 1`
      return
    } catch (error) {
      const { code } = error as { code?: string }
      const mayPass = databaseProblem(error) instanceof Problem && !isPoolersRefusal(error)
      if (!mayPass) throw new DatabaseRefused(refusal(error, variable))
      const now = performance.now()
      if (now > until) {
        throw new DatabaseRefused(
          `The database of ${variable} could not be reached for ${patienceSeconds} s (${code}). Is it running, and is the address right?`,
        )
      }
      if (now - toldAt > 10_000) {
        log.warn({ code }, "waiting for the database")
        toldAt = now
      }
      await Bun.sleep(200)
    }
  }
}

/** PgBouncer takes `statement_timeout` from nobody, since sessions are shared. */
const isPoolersRefusal = (error: unknown) =>
  error instanceof Error && /unsupported startup parameter/.test(error.message)

function refusal(error: unknown, variable: Variable): string {
  if (isPoolersRefusal(error)) {
    const direct = "DATABASE_DIRECT_URL to the database's own address"
    return variable === "DATABASE_URL"
      ? `DATABASE_URL leads to a pooler (PgBouncer) and does not say so: add ?pgbouncer=true to it, and set ${direct}.`
      : `DATABASE_DIRECT_URL leads to a pooler (PgBouncer): set ${direct}.`
  }
  const { code = "" } = error as { code?: string }
  switch (code) {
    case "28P01":
    case "28000":
      return `The database refuses the user or the password of ${variable}.`
    case "3D000":
      return `The database named in ${variable} does not exist: create it first.`
    default:
      return `The database of ${variable} cannot be used: ${error instanceof Error ? error.message : code}`
  }
}
