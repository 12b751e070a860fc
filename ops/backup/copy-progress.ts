import { say } from "../progress.ts"
import type { Manifest } from "./manifest.ts"
import { pace } from "./pace.ts"
import { openSession, type Session } from "./snapshot.ts"

/** Milliseconds between looks. */
const EVERY = 1_000

/** Milliseconds between two lines about indexes. */
const SAY_EVERY = 5_000

/** Says how far pg_dump is in the database at `url`, by what PostgreSQL itself counts, until disposed of. */
export function watchDumping(url: string, manifest: Manifest): AsyncDisposable {
  const copied = copying("dumped", "TO", manifest)
  return watching(url, async (sql) => void (await copied(sql)))
}

/** The same of pg_restore: the rows first, then the indexes, which take longer. */
export function watchRestoring(url: string, manifest: Manifest): AsyncDisposable {
  const copied = copying("restored", "FROM", manifest)
  const indexes = manifest.definitions.filter((line) => line.startsWith("index ")).length
  let said = 0
  return watching(url, async (sql) => {
    if (await copied(sql)) return
    const [{ built, building }] = await sql<[{ built: number; building: string | null }]>`
      select (select count(*)::int from pg_index join pg_class c on c.oid = indexrelid
          join pg_namespace n on n.oid = relnamespace where nspname !~ '^pg_' and indisvalid) as built,
        (select max(coalesce(round(100.0 * blocks_done / nullif(blocks_total, 0)), 0) || ' % of ' || index_relid::regclass)
          from pg_stat_progress_create_index where datname = current_database() and index_relid <> 0) as building`
    if (built === 0 || performance.now() - said < SAY_EVERY) return
    said = performance.now()
    say(`${built} of ${indexes} indexes built${building ? `, and ${building}` : ""}`)
  })
}

/** Asks again and again how much was copied, and says it; false while nothing is being copied. */
function copying(verb: string, direction: "TO" | "FROM", { tables }: Manifest) {
  const total = tables.reduce((sum, table) => sum + table.bytes, 0)
  const tell = pace(verb, { total })
  const seen = new Map<string, number>()
  return async (sql: Session) => {
    const tables = await sql<{ relid: string; bytes: string }[]>`
      select relid::text, bytes_processed::text as bytes from pg_stat_progress_copy
      where datname = current_database() and command = ${`COPY ${direction}`}`
    for (const { relid, bytes } of tables) seen.set(relid, Number(bytes))
    if (tables.length > 0)
      tell(
        Math.min(
          total,
          [...seen.values()].reduce((sum, bytes) => sum + bytes, 0),
        ),
      )
    return tables.length > 0
  }
}

function watching(url: string, look: (sql: Session) => Promise<void>): AsyncDisposable {
  const sql = openSession(url, "docket backup progress")
  // Progress is no reason to fail: a role may be let in once only.
  const timer = setInterval(() => void look(sql).catch(() => {}), EVERY)
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await sql.end({ timeout: 1 })
    },
  }
}
