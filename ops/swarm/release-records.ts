import { padded } from "../../server/database/migrations.ts"
import type { Engine } from "./engine.ts"
import type { Config, Labels } from "./engine-types.ts"

/** How far a deploy or rollback has come, for whoever has to finish or undo it. */
export type Phase = "preparing" | "migrating" | "trying" | "rolling" | "checking"

export type Outcome =
  | "under way"
  /** It runs, or ran until the next one came. */
  | "succeeded"
  /** It ran, failed, and the release before was put back. */
  | "taken back"
  /** Stopped before anything of it served. */
  | "failed"
  /** Interrupted, or left half-made, and undone. */
  | "undone"
  /** Neither finished nor undone: a person has to look. */
  | "half-made"

export type Release = {
  number: number
  /** `repository@sha256:…`. */
  image: string
  version: string
  commit: string
  /** What makes the stack's backups, where it makes any. */
  tools?: string | undefined
  /** The stack's PostgreSQL, where it is in the stack. */
  database?: string | undefined
  by: string
  /** When it was begun, by the engine's clock, in ISO 8601. */
  at: string
  /** For a rollback, the number of the release that was gone back to. */
  rollbackTo?: number | undefined
  /** The image that served when it was begun; nothing at the first release. */
  replaces?: string | undefined
}

/** What becomes known or changes later. */
export type Progress = {
  outcome: Outcome
  phase: Phase
  /** The release's own number: that of the newest migration it ships. Unknown until its migrations were run. */
  schema?: number | undefined
  /** The oldest release that works on the database once these migrations are applied. */
  serves?: number | undefined
  /** That its deploy made before it migrated, for `ops restore --to`. */
  restorePoint?: string | undefined
  /** A sentence, when it did not succeed. */
  reason?: string | undefined
  endedAt?: string | undefined
}

export type ReleaseRecord = Release & Progress & { id: string }

/** Of the oldest ones beyond these, nothing is kept. */
const MOST_RECORDS = 100
/** Swarm refuses labels that are too long; a reason is a sentence. */
const MOST_REASON = 500

/**
 * Every recorded release of `stack`, oldest first. Each is a Swarm config `STACK_release_0001`: what it is, as its
 * content, can't be changed; what became of it, as labels. They are in the Swarm and not in the database, which may be
 * what is broken.
 */
export async function listReleases(engine: Engine, stack: string): Promise<ReleaseRecord[]> {
  const configs = await engine.list<Config>("/configs", { label: [`docket.release=${stack}`] })
  return configs.map(recordOf).sort((one, other) => one.number - other.number)
}

/** Records a release that is about to be made, and returns it. Only with the lock held: numbers are consecutive. */
export async function recordRelease(
  engine: Engine,
  stack: string,
  release: Omit<Release, "number" | "at">,
): Promise<ReleaseRecord> {
  const before = await listReleases(engine, stack)
  for (const { id } of before.slice(0, -MOST_RECORDS)) await engine.delete(`/configs/${id}`)
  const number = (before.at(-1)?.number ?? 0) + 1
  const data: Release = { number, ...release, at: engine.now().toISOString() }
  const progress: Progress = { outcome: "under way", phase: "preparing" }
  const { ID } = await engine.post<{ ID: string }>("/configs/create", {
    Name: `${stack}_release_${padded(number)}`,
    Labels: { "docket.release": stack, ...labelsOf(progress) },
    Data: Buffer.from(`${JSON.stringify(data, null, 2)}\n`).toString("base64"),
  })
  return { ...data, ...progress, id: ID }
}

/** Notes what became of `record`. Returns it as it is now. */
export async function noteProgress(
  engine: Engine,
  record: ReleaseRecord,
  progress: Partial<Progress>,
): Promise<ReleaseRecord> {
  const config = await engine.get<Config>(`/configs/${record.id}`)
  const spec = { ...config.Spec, Labels: { ...config.Spec.Labels, ...labelsOf(progress) } }
  await engine.post(`/configs/${record.id}/update`, spec, { version: String(config.Version.Index) })
  return { ...record, ...progress }
}

/** The release that serves, or would: the last that succeeded. */
export const lastGood = (releases: ReleaseRecord[]): ReleaseRecord | undefined =>
  releases.findLast(({ outcome }) => outcome === "succeeded")

/** A release that was begun and never ended, or could not be undone. */
export const unfinished = (releases: ReleaseRecord[]): ReleaseRecord | undefined =>
  releases.findLast(({ outcome }) => outcome === "under way" || outcome === "half-made")

/** The oldest release that works on the database by now: the most that any applied migration demands. */
export const oldestServed = (releases: ReleaseRecord[]): number =>
  Math.max(0, ...releases.map(({ serves }) => serves ?? 0))

const recordOf = ({ ID, Spec: { Labels, Data } }: Config): ReleaseRecord => ({
  ...(JSON.parse(Buffer.from(Data, "base64").toString()) as Release),
  id: ID,
  outcome: Labels["docket.outcome"] as Outcome,
  phase: Labels["docket.phase"] as Phase,
  schema: numberIn(Labels["docket.schema"]),
  serves: numberIn(Labels["docket.serves"]),
  restorePoint: Labels["docket.restore-point"],
  reason: Labels["docket.reason"],
  endedAt: Labels["docket.ended-at"],
})

const numberIn = (label: string | undefined) => (label === undefined ? undefined : Number(label))

function labelsOf({
  outcome,
  phase,
  schema,
  serves,
  restorePoint,
  reason,
  endedAt,
}: Partial<Progress>): Labels {
  return Object.fromEntries(
    Object.entries({
      "docket.outcome": outcome,
      "docket.phase": phase,
      "docket.schema": schema?.toString(),
      "docket.serves": serves?.toString(),
      "docket.restore-point": restorePoint,
      "docket.reason": reason?.slice(0, MOST_REASON),
      "docket.ended-at": endedAt,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
