import { requireClock } from "./backup/clock.ts"
import { storeRecentErasures } from "./backup/erasures.ts"
import { interruptible } from "./backup/interruption.ts"
import { bytes } from "./backup/pace.ts"
import { telling } from "./backup/report-end.ts"
import { databaseUrl, recipientSettings, storageSettings } from "./backup/settings.ts"
import { placeOf, withSession } from "./backup/snapshot.ts"
import { Storage } from "./backup/storage.ts"
import { takeBackup, takenText } from "./backup/take.ts"
import { tellMonitoring } from "./backup/tell-monitoring.ts"
import { localCommand, type Result } from "./command.ts"

export default localCommand({
  name: "backup",
  description:
    "Backs up the database of BACKUP_DATABASE_URL (or DATABASE_DIRECT_URL, DATABASE_URL), encrypted, into object storage: docs/operations/backup-restore.md",
  examples: ["bun run ops backup", "bun run ops backup --json", "bun run ops backup --erasures-only"],
  arguments: {
    "erasures-only": {
      type: "boolean",
      description: "Store who was erased since the backup before, for every few minutes; nothing else",
    },
  },
  run: async ({ arguments: given, dryRun }) => {
    const storage = new Storage(storageSettings())
    const url = databaseUrl("BACKUP_DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_URL")
    if (given["erasures-only"]) return erasuresOnly(url, storage, dryRun)
    const recipients = recipientSettings()
    if (dryRun)
      return {
        text: `It would back up ${placeOf(url)} into ${storage.name}, to be opened by ${recipients.join(", ")}.`,
        facts: { database: placeOf(url), storage: storage.name, recipients },
      }
    const taken = await telling(
      "backup",
      () => interruptible((signal) => takeBackup({ url, storage, recipients }, signal)),
      ({ backup }) => ({ at: backup.takenAt, sizeBytes: backup.dump.size }),
    )
    await tellMonitoring("docket_backup", {
      docket_backup_last_success_timestamp_seconds: Date.parse(taken.backup.takenAt) / 1000,
      docket_backup_last_size_bytes: taken.backup.dump.size,
    })
    return { text: takenText(taken, storage.name), facts: { ...taken, size: bytes(taken.backup.dump.size) } }
  },
})

async function erasuresOnly(url: string, storage: Storage, dryRun: boolean): Promise<Result> {
  if (dryRun)
    return {
      text: `It would store who was erased from ${placeOf(url)} of late in ${storage.name}.`,
      facts: { database: placeOf(url), storage: storage.name },
    }
  const erasures = await withSession(url, "docket backup", async (sql) => {
    await requireClock(sql, storage)
    return storeRecentErasures(sql, storage)
  })
  return {
    text:
      erasures === 0
        ? `Nobody was erased from ${placeOf(url)} in the last day: nothing is stored.`
        : `${erasures} erasure${erasures === 1 ? "" : "s"} of the last day stored in ${storage.name}: a restore erases them again.`,
    facts: { erasures },
  }
}
