import { archiveNow } from "./point-in-time/restore-point.ts"
import { pointName } from "./point-in-time/target.ts"
import { Refusal } from "./refusal.ts"
import type { Change } from "./swarm/change.ts"
import type { CurrentSecrets } from "./swarm/secrets.ts"

export type RestorePoint = {
  /** What there is, for people. */
  sentence: string
  /** For `ops restore --to`; nothing where none was made. */
  name?: string
}

/**
 * Called by a deploy before it migrates: makes a point that the database can be brought back to. Refuses (3), and so stops
 * the deploy, where one should be made and the archive does not work, if there is something to migrate; else it warns.
 */
export async function makeRestorePoint(
  change: Change,
  secrets: CurrentSecrets,
  { release, migrates, isFirst }: { release: number; migrates: boolean; isFirst: boolean },
): Promise<RestorePoint> {
  const { environment, engine } = change
  if (environment.database === "outside")
    return {
      sentence: `No restore point is made here: whoever runs the database keeps its backups, and brings it back to ${engine.now().toISOString()}, just before this release's migrations.`,
    }
  if (!environment.archive)
    return {
      sentence:
        "No restore point is made: the stack's database is not archived ([archive]). Migrations only go forward.",
    }
  if (isFirst) return { sentence: "No restore point is made: there is nothing yet to go back to." }
  const name = pointName(release, engine.now())
  const fault = await faultOf(change, secrets, name)
  if (fault === undefined)
    return {
      name,
      sentence: `${name} is made: bun run ops restore ${environment.name} --to release-${release}`,
    }
  if (migrates)
    throw new Refusal(
      3,
      `There would be no way back from this release's migrations: ${fault} Nothing was migrated. bun run ops logs ${environment.name} --service database says why; or take [archive] out of the environment's file.`,
    )
  return { sentence: `No restore point is made, and this release has nothing to migrate: ${fault}` }
}

/** Why a restore to `name`, which is made, would not work; nothing where it would. */
async function faultOf(change: Change, secrets: CurrentSecrets, name: string): Promise<string | undefined> {
  const { archived, ofAnother, lastArchivedAt, gapSince, baseBackupAt, seconds } = await archiveNow(
    change,
    secrets,
    name,
  )
  if (ofAnother)
    return "what is archived there is another database's, and none of this one. Where a volume was lost, restore --to latest; else give it a bucket of its own."
  if (gapSince)
    return `log is missing from the archive since ${gapSince}, and the full backup after it is not there yet.`
  if (!archived)
    return `write-ahead log is not archived within ${seconds} s; the last was ${lastArchivedAt ? `at ${lastArchivedAt}` : "never"}.`
  if (!baseBackupAt) return "there is no physical backup yet to begin from."
}
