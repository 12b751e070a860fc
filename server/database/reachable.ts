import type { Logger } from "pino"
import { Problem } from "../problems.ts"
import type { Pool } from "./connect.ts"
import { databaseProblem } from "./failures.ts"

/** Says why the server cannot start; the message is for the operator and holds no secret. */
export class DatabaseRefused extends Error {}

/**
 * Waits until the database answers: it may start later than the server does. Throws `DatabaseRefused` for what no
 * waiting mends (a wrong password, no such database), and after `patienceSeconds`.
 */
export async function untilReachable(sql: Pool, log: Logger, patienceSeconds = 60): Promise<void> {
  const until = performance.now() + patienceSeconds * 1000
  let toldAt = Number.NEGATIVE_INFINITY
  for (;;) {
    try {
      await sql`select 1`
      return
    } catch (error) {
      const { code } = error as { code?: string }
      if (!(databaseProblem(error) instanceof Problem)) throw new DatabaseRefused(refusal(error, code))
      const now = performance.now()
      if (now > until) {
        throw new DatabaseRefused(
          `The database of DATABASE_URL could not be reached for ${patienceSeconds} s (${code}). Is it running, and is the address right?`,
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

function refusal(error: unknown, code = ""): string {
  switch (code) {
    case "28P01":
    case "28000":
      return "The database refuses the user or the password of DATABASE_URL."
    case "3D000":
      return "The database named in DATABASE_URL does not exist: create it first."
    default:
      return `The database of DATABASE_URL cannot be used: ${error instanceof Error ? error.message : code}`
  }
}
