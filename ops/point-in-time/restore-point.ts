import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"

/** How the archive stands, as the database says it. */
export type Archived = {
  /** Whether what was written until now is there. */
  archived: boolean
  /** The archive is that of another database, and takes nothing of this one: this one is new, in the place of a lost volume. */
  ofAnother: boolean
  seconds: number
  lastArchivedAt: string | null
  /** Since when log is missing that no full backup has made up for. */
  gapSince: string | null
  baseBackupAt: string | null
}

const SECONDS = { archive: 60, job: 120 }

/**
 * Makes the restore point `name`, if one is given, has the log up to it archived, and says whether it is, after a minute at
 * most. Throws a `Refusal` (1) where the database does not answer.
 */
export async function archiveNow(
  { engine, environment, stack, signal }: Pick<Change, "engine" | "environment" | "stack" | "signal">,
  secrets: CurrentSecrets,
  name?: string,
): Promise<Archived> {
  const script = await Bun.file(`${import.meta.dir}/../database/restore-point.sh`).text()
  const { ended, reason, output } = await runOneShot(engine, {
    name: `${stack}_restore-point`,
    stack,
    image: environment.archive!.image,
    command: ["bash", "-c", script],
    variables: [`NAME=${name ?? ""}`, `SECONDS_TO_WAIT=${SECONDS.archive}`],
    secrets: { "postgres-password": secrets["postgres-password"]! },
    networks: [`${stack}_data`],
    seconds: SECONDS.job,
    signal,
  })
  if (signal.aborted) throw signal.reason
  const line = output.split("\n").findLast((text) => text.startsWith("{"))
  if (ended === "done" && line) return JSON.parse(line) as Archived
  throw new Refusal(
    1,
    `The database could not be asked how its archive stands (${reason || ended}): ${output}`,
    { output },
  )
}
