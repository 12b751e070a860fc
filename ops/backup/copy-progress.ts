import { pace } from "./pace.ts"
import { openSession } from "./snapshot.ts"

/** Milliseconds between looks. */
const EVERY = 1_000

/**
 * Says how far the copying of tables in the database at `url` is, by what PostgreSQL itself counts, until disposed of:
 * of what pg_dump reads (`TO`) or pg_restore writes (`FROM`). `total` is in bytes of rows as text.
 */
export function watchCopying(
  url: string,
  verb: string,
  direction: "TO" | "FROM",
  total: number,
): AsyncDisposable {
  const sql = openSession(url, "docket backup progress")
  const tell = pace(verb, { total })
  const seen = new Map<string, number>()
  const look = async () => {
    const tables = await sql<{ relid: string; bytes: string }[]>`
      select relid::text, bytes_processed::text as bytes from pg_stat_progress_copy
      where datname = current_database() and command = ${`COPY ${direction}`}`
    for (const { relid, bytes } of tables) seen.set(relid, Number(bytes))
    tell(
      Math.min(
        total,
        [...seen.values()].reduce((sum, bytes) => sum + bytes, 0),
      ),
    )
  }
  // Progress is no reason to fail: a role may be let in once only.
  const timer = setInterval(() => void look().catch(() => {}), EVERY)
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await sql.end({ timeout: 1 })
    },
  }
}
