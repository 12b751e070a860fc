import type { KeyObject } from "node:crypto"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { requireClock } from "./clock.ts"
import { smokeRestored } from "./drill-server.ts"
import { migrateRestored } from "./migrate-restored.ts"
import { type Proof, readProofs, storeProof } from "./proofs.ts"
import { dropRestored, partOf, restoreBeside } from "./restore-beside.ts"
import { applyRetention, keptSince, type Plan, planRetention } from "./retention.ts"
import type { Storage } from "./storage.ts"
import { type Backup, listBackups } from "./stored-backups.ts"

export type DrillWanted = {
  /** A server for throw-away databases, of the backup's major version, by a role that may create them. */
  url: string
  storage: Storage
  backup: Backup
  identities: string[]
  grants: boolean
  /** Signs the proof. */
  key: KeyObject
  publicKey: KeyObject
  /** Backups are kept for so many days, and one each of so many months. */
  days: number
  months: number
}

export type Drilled = { proof: Proof; retention: Plan }

/**
 * Proves `backup`: restores it into a throw-away database, compares, runs the migrations that this release has beyond it,
 * and has the application work on it. Then signs and stores the proof, and only then removes what has had its time.
 */
export async function drill(wanted: DrillWanted, signal: AbortSignal): Promise<Drilled> {
  const { url, storage, backup, key, publicKey, days, months } = wanted
  await requireClock(null, storage)
  const name = `docket_drill_${partOf(backup.id)}`
  // Of a drill that was killed; what it proved is not believed.
  await dropRestored(url, name)
  const began = performance.now()
  const proof = await (async () => {
    try {
      const beside = await restoreBeside(url, name, wanted, signal)
      if (!("restored" in beside)) throw new Refusal(3, `Another drill of ${backup.id} is at work.`)
      const migrated = await migrateRestored(beside.url)
      const smoked = await smokeRestored(beside.url)
      return proofOf(backup, beside.restored, {
        migrated,
        smoked,
        seconds: (performance.now() - began) / 1000,
      })
    } finally {
      await dropRestored(url, name)
    }
  })()
  await storeProof(storage, proof, key)
  say(`${backup.id} is proven`)
  const listing = await listBackups(storage)
  const now = new Date()
  const plan = planRetention(listing, await readProofs(storage, listing.backups, publicKey), {
    now,
    days,
    months,
  })
  await applyRetention(storage, plan, keptSince(now, days))
  return { proof, retention: plan }
}

type Figures = { migrated: number; smoked: number; seconds: number }

function proofOf(
  backup: Backup,
  {
    proof,
    seconds: taken,
  }: {
    proof: { tables: number; rows: number; grants: number | null }
    seconds: { load: number; compare: number }
  },
  { migrated, smoked, seconds }: Figures,
): Proof {
  const now = new Date()
  return {
    format: 1,
    backup: backup.id,
    dump: backup.dump.sha256,
    manifest: backup.manifest.sha256,
    provenAt: now.toISOString(),
    facts: {
      tables: proof.tables,
      rows: proof.rows,
      grants: proof.grants,
      migrations: migrated,
      smokeChecks: smoked,
      loadSeconds: taken.load,
      compareSeconds: taken.compare,
      rtoSeconds: Math.round(seconds * 10) / 10,
      rpoSeconds: Math.round((now.getTime() - Date.parse(backup.takenAt)) / 1000),
    },
  }
}
