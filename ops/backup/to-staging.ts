import { connect } from "../../server/database/connect.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { startDump } from "./dump.ts"
import { restoreFrom } from "./load-dump.ts"
import { takeManifest } from "./manifest.ts"
import { migrateRestored } from "./migrate-restored.ts"
import { loadAndProve, type Restored, type RestoreWanted } from "./restore.ts"
import { databaseOf, dropRestored, makeBeside, partOf, restoreBeside } from "./restore-beside.ts"
import { type Scrubbed, scrub } from "./scrub.ts"
import { placeOf, withSession, withSnapshot } from "./snapshot.ts"

export type Staged = { scrubbed: Scrubbed; restored: Restored }
export type StagedBeside = { name: string; url: string } & (Staged | { alreadyProven: true })

/** The name of the database beside that of `url` into which the backup `id` goes, scrubbed. */
export const stagingName = (url: string, id: string) =>
  `${databaseOf(url).slice(0, 30)}_scrubbed_${partOf(id)}`

/**
 * Restores the backup into a throw-away database on the server of `workshop`, proves it, scrubs it there, and copies what
 * is left into a new database on the server of `url`, proven equal in its turn. So nothing of people ever reaches that
 * server: no table, write-ahead log, statistic or dead row of it held any. Refuses (3) when the database of `url` is the
 * backup's own.
 */
export async function restoreToStaging(
  { url, workshop }: { url: string; workshop: string },
  wanted: RestoreWanted,
  signal: AbortSignal,
): Promise<StagedBeside> {
  const { backup, grants } = wanted
  const source = `docket_scrub_${partOf(backup.id)}`
  return makeBeside(url, stagingName(url, backup.id), async (target) => {
    // Of one that was killed.
    await dropRestored(workshop, source)
    try {
      const beside = await restoreBeside(workshop, source, wanted, signal)
      if (!("restored" in beside)) throw new Refusal(3, `Another restore of ${backup.id} is at work.`)
      await refuseOriginal(url, beside.url)
      await migrateRestored(beside.url)
      const scrubbed = await scrubbedAt(beside.url)
      say(`scrubbed: ${scrubbed.rewritten} rows rewritten, ${scrubbed.removed} removed`)
      return { scrubbed, restored: await copy(beside.url, target, { grants, signal }) }
    } finally {
      await dropRestored(workshop, source)
    }
  })
}

/** People who have, in the database of `url`, the very address that they have in the backup, are no staging's. */
async function refuseOriginal(url: string, restored: string) {
  const people = await withSession(
    restored,
    "docket restore",
    (sql) =>
      sql<{ id: string; email: string }[]>`
        select id, email from public.accounts where not is_smoke order by id desc limit 10000`,
  )
  const sql = connect(url, { max: 1, statementTimeout: 60_000 })
  try {
    const [{ exists }] = await sql<[{ exists: boolean }]>`
      select to_regclass('public.accounts') is not null as exists`
    if (!exists) return
    const [{ same }] = await sql<[{ same: number }]>`
      select count(*)::int as same from public.accounts
      join unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ email }) => email)}::text[]) as known(id, email)
        using (id, email)`
    if (same > 0)
      throw new Refusal(
        3,
        `${placeOf(url)} holds ${same} of the people of the backup, unscrubbed: it is production, or a copy of it. --to-staging wants the database of a staging.`,
      )
  } catch (error) {
    // There is no such database yet.
    if ((error as { code?: string }).code !== "3D000") throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function scrubbedAt(url: string): Promise<Scrubbed> {
  const sql = connect(url, { max: 1, statementTimeout: 0 })
  try {
    return await scrub(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Rows as they are now, and nothing else: what was deleted or changed before is in no dump. */
function copy(
  from: string,
  to: string,
  { grants, signal }: { grants: boolean; signal: AbortSignal },
): Promise<Restored> {
  return withSession(from, "docket restore", (sql) =>
    withSnapshot(sql, async (snapshot) => {
      const manifest = await takeManifest(snapshot)
      return loadAndProve(to, { manifest, what: "the scrubbed database", grants }, async () => {
        await using dump = await startDump({ url: from, manifest, snapshot: snapshot.name, signal })
        await restoreFrom(dump.content, { url: to, manifest, grants, signal }, "the scrubbed database's dump")
      })
    }),
  )
}
