import { connect, type Pool } from "../../server/database/connect.ts"
import { migrate } from "../../server/database/migrate.ts"
import * as release from "../../server/release.ts"
import { type Erasures, eraseAgain } from "./erasures.ts"

/** What was done to a restored database so that it can serve: clients begin anew, and nothing old goes out. */
export type Quieted = {
  sessionsEnded: number
  /** Letters that waited when the backup was taken, and are not sent. */
  lettersDropped: { kind: string; accountId: string }[]
  jobsDropped: number
  /** Accounts that were erased after the backup was taken, and are erased again. */
  erasedAgain: number
  /** Migrations that had to be applied, for a backup from before databases could be quiet, or accounts be erased as now. */
  migrated: string[]
}

/**
 * Makes the restored database at `url` safe to serve from: a new epoch, so that clients that are ahead of it begin anew
 * with what they have not sent; every session and token ended; waiting letters and jobs dropped; erasures done again. It
 * stays quiet (no mail, no jobs) until `goLive`.
 */
export async function makeQuiet(
  url: string,
  from: { id: string; takenAt: string },
  erasures: Erasures,
): Promise<Quieted> {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    const [{ able }] = await sql<
      [{ able: boolean }]
    >`select to_regclass('public.restores') is not null and to_regclass('public.deleted_sessions') is not null as able`
    const migrated = able ? [] : (await migrate(sql, release.migrations)).applied
    const done = (await sql.begin(async (sql) => {
      await sql`insert into restores (backup, taken_at) values (${from.id}, ${from.takenAt})`
      await sql`update epoch set id = gen_random_uuid()`
      const sessions = await sql`update sessions set ended_at = now() where ended_at is null`
      await sql`delete from refresh_tokens`
      await sql`delete from letter_tokens`
      const letters = await sql<{ kind: string; accountId: string }[]>`
        select data ->> 'kind' as kind, data ->> 'accountId' as account_id
        from pgboss.job where name = 'letters' and state < 'completed' order by created_on`
      const jobs = await sql`delete from pgboss.job where state < 'completed'`
      return {
        sessionsEnded: sessions.count,
        lettersDropped: letters.map(({ kind, accountId }) => ({ kind, accountId })),
        jobsDropped: jobs.count - letters.length,
      }
    })) as Omit<Quieted, "erasedAgain" | "migrated">
    return { ...done, erasedAgain: await eraseAgain(sql, erasures), migrated }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Lets a restored database send mail and run jobs. Returns the backup that it came from; null when it was not quiet. */
export async function goLive(sql: Pool): Promise<string | null> {
  const released = await sql<{ backup: string }[]>`
    update restores set released_at = now() where released_at is null returning backup`
  return released[0]?.backup ?? null
}
