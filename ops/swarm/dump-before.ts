import { bytes, duration } from "../backup/pace.ts"
import { proofPublicKey, readProofs } from "../backup/proofs.ts"
import { storageSettings, variable } from "../backup/settings.ts"
import { Storage } from "../backup/storage.ts"
import { listBackups } from "../backup/stored-backups.ts"
import type { Taken } from "../backup/take.ts"
import { readHealth } from "../smoke/health.ts"
import { outsideOf } from "../smoke/run.ts"
import type { Change } from "./change.ts"
import type { Image } from "./engine-types.ts"
import { destructiveOf } from "./images.ts"
import { lastGood, listReleases } from "./release-records.ts"
import type { BackupPlace } from "./stack.ts"
import { backUpStack } from "./stack-backup.ts"

/** Hours after which the newest backup is too old to migrate upon. */
const MOST_HOURS = 26

/** The newest backup that is known of here, and whether anyone has proven it. */
type Known = { at: string; proven: boolean; by: string }

/**
 * Takes a full backup before a release's migrations where there is no young one, or where one of them takes something
 * away. Resolves to a sentence of what there is. What fails stops the deploy, with nothing changed.
 */
export async function dumpBefore(change: Change, image: Image): Promise<string> {
  const { engine, environment, stack, signal } = change
  const { backup, database } = environment
  if (!backup || database === "outside")
    return "No full backup is made before: the stack makes none ([backup])."
  const removing = pendingRemovals(image, lastGood(await listReleases(engine, stack))?.schema ?? 0)
  const known = await newestKnown(change, backup)
  const hours = known ? (Date.now() - Date.parse(known.at)) / 3_600_000 : Number.POSITIVE_INFINITY
  const age = known
    ? `the newest ${known.proven ? "proven backup" : "backup"} (${known.by}) is ${duration(hours * 3600)} old`
    : "no backup is known of"
  if (removing.length === 0 && hours <= MOST_HOURS) return `No full backup is made before: ${age}.`
  const why = removing.length > 0 ? `migration ${removing.join(", ")} takes something away` : age
  const made = (await backUpStack(engine, environment, signal)) as Taken
  return `A full backup was made before, since ${why}: ${made.backup.id}, ${bytes(made.backup.dump.size)}.`
}

/** An image that does not say is one that was not published by `ops publish`. */
const pendingRemovals = (image: Image, applied: number) =>
  (destructiveOf(image) ?? []).filter((number) => number > applied)

/**
 * By the proofs in the storage, where this machine has an identity that may read (BACKUP_S3_*, BACKUP_PROOF_PUBLIC_KEY);
 * else what the stack's own backups told the server, which is no proof.
 */
async function newestKnown({ environment }: Change, place: BackupPlace): Promise<Known | null> {
  const key = variable("BACKUP_S3_ACCESS_KEY_ID") && proofPublicKey()
  if (key) {
    const storage = new Storage(storageSettings(place))
    const { backups } = await listBackups(storage)
    const proofs = await readProofs(storage, backups, key)
    const proven = backups.findLast(({ id }) => proofs.has(id))
    return proven ? { at: proven.takenAt, proven: true, by: "by the proofs in the storage" } : null
  }
  const told = await readHealth(outsideOf(environment)).catch(() => null)
  const at = told?.health?.checks.backup?.lastSuccessAt
  return at ? { at, proven: false, by: "by what the stack has told; this machine can't read proofs" } : null
}
