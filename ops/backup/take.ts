import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { requireClock } from "./clock.ts"
import { sendDump } from "./dump.ts"
import { encryptText } from "./encryption.ts"
import { storeErasures } from "./erasures.ts"
import { takeManifest } from "./manifest.ts"
import { bytes, duration } from "./pace.ts"
import { placeOf, withSession, withSnapshot } from "./snapshot.ts"
import type { Storage } from "./storage.ts"
import { type Backup, keysOf, newId } from "./stored-backups.ts"

export type Taken = {
  backup: Backup
  seconds: { manifest: number; dump: number; all: number }
  /** Erasures that are known beside the backups now. */
  erasures: number
}

export type BackupWanted = {
  url: string
  storage: Storage
  recipients: string[]
  /** The image that serves now, where that is known. */
  deployed?: string | undefined
}

/**
 * Backs up the database at `url`, as it is at one moment, encrypted to `recipients`. Nothing is written on this machine,
 * and nothing that fails or is killed before its end is ever listed as a backup.
 */
export async function takeBackup(
  { url, storage, recipients, deployed }: BackupWanted,
  signal: AbortSignal,
): Promise<Taken> {
  const began = performance.now()
  return withSession(url, "docket backup", async (sql) => {
    await requireClock(sql, storage)
    const erasures = await storeErasures(sql, storage)
    return withSnapshot(sql, async (snapshot) => {
      say(`reading ${placeOf(url)}`)
      const manifest = await takeManifest(snapshot)
      const read = performance.now()
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      say(
        `${manifest.tables.length} tables, ${rows.toLocaleString("en")} rows, ${bytes(manifest.database.bytes)}`,
      )
      const id = newId(manifest.takenAt)
      const keys = keysOf(id)
      const dump = await sendDump(storage, keys.dump, recipients, {
        url,
        manifest,
        snapshot: snapshot.name,
        signal,
      })
      const sent = performance.now()
      const sealed = await encryptText(JSON.stringify(manifest), recipients)
      await storage.put(keys.manifest, sealed)
      const backup: Backup = {
        format: 1,
        id,
        takenAt: manifest.takenAt,
        finishedAt: new Date().toISOString(),
        release: manifest.release,
        schema: manifest.schema.newest,
        migration: manifest.schema.number,
        postgres: manifest.postgres.major,
        database: manifest.database,
        rows,
        dump,
        manifest: {
          size: sealed.length,
          sha256: new Bun.CryptoHasher("sha256").update(sealed).digest("hex"),
        },
        recipients,
        ...(deployed && { deployed }),
      }
      if (signal.aborted) throw new Refusal(130, "Interrupted: nothing was made that is listed.")
      await storage.put(keys.backup, JSON.stringify(backup, null, 2))
      const ended = performance.now()
      const seconds = {
        manifest: tenths(read - began),
        dump: tenths(sent - read),
        all: tenths(ended - began),
      }
      return { backup, seconds, erasures }
    })
  })
}

const tenths = (milliseconds: number) => Math.round(milliseconds / 100) / 10

/** What was made, and what it is good for, as an operator reads it. */
export function takenText({ backup, seconds }: Taken, place: string): string {
  const rate = backup.database.bytes / Math.max(0.1, seconds.all)
  return [
    `${backup.id} is stored in ${place}: ${bytes(backup.dump.size)}, of a database of ${bytes(backup.database.bytes)}, in ${duration(seconds.all)} (${bytes(rate)}/s).`,
    `It brings back ${backup.takenAt}. Lost with the database is what was written since (RPO): up to ${duration(seconds.all)} and the time to the next backup.`,
    "It counts as proven after bun run ops drill has restored it.",
  ].join("\n")
}
