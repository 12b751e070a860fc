import { createPublicKey } from "node:crypto"
import { readProofs } from "../backup/proofs.ts"
import type { Storage } from "../backup/storage.ts"
import { type Backup, chooseBackup, listBackups } from "../backup/stored-backups.ts"
import { Refusal } from "../refusal.ts"
import type { Kit } from "./kit.ts"

/** A backup, and in a sentence why that one. */
export type Chosen = { backup: Backup; why: string }

/**
 * The backup named (`newest` is the newest of all), or else the newest that a drill has proven, by the key in the kit.
 * Where none is, the newest: a restore proves it, or fails.
 */
export async function backupToRecover(
  storage: Storage,
  backups: NonNullable<Kit["backups"]>,
  named: string | undefined,
): Promise<Chosen> {
  if (named === "newest")
    return { backup: await chooseBackup(storage, undefined), why: "the newest, as asked" }
  if (named) return { backup: await chooseBackup(storage, named), why: "as asked" }
  const listed = (await listBackups(storage)).backups
  const newest = listed.at(-1)
  if (!newest) throw new Refusal(3, `There is no backup in ${storage.name}.`)
  const { proofPublicKey } = backups
  if (!proofPublicKey) return { backup: newest, why: "the newest; whose proofs count is not in the kit" }
  const proofs = await readProofs(storage, listed, createPublicKey(proofPublicKey))
  const proven = listed.findLast(({ id }) => proofs.has(id))
  if (!proven) return { backup: newest, why: "the newest; no backup is proven yet" }
  if (proven.id === newest.id) return { backup: proven, why: "the newest, and proven" }
  return {
    backup: proven,
    why: `the newest that is proven; ${newest.id}, of ${newest.takenAt}, is newer and not proven (--backup newest takes it)`,
  }
}
