import { backUpDaily } from "./backup/daily.ts"
import { recentErasures, storeErasuresOften } from "./backup/erasures-often.ts"
import { interruptible } from "./backup/interruption.ts"
import { bytes } from "./backup/pace.ts"
import { readRecord, recordPath, recordTaken, recordText } from "./backup/record.ts"
import { telling } from "./backup/report-end.ts"
import { backupSchedule } from "./backup/schedule.ts"
import { databaseUrl, recipientSettings, storageSettings, variable } from "./backup/settings.ts"
import { placeOf } from "./backup/snapshot.ts"
import { Storage } from "./backup/storage.ts"
import { type Taken, takeBackup, takenText } from "./backup/take.ts"
import { tellMonitoring } from "./backup/tell-monitoring.ts"
import { localCommand, type Result } from "./command.ts"
import { needSwarm, readEnvironment } from "./environments/environment.ts"
import { Refusal } from "./refusal.ts"
import { Engine } from "./swarm/engine.ts"
import { backUpStack, stackRecord } from "./swarm/stack-backup.ts"
import { needBackup } from "./swarm/tools-job.ts"

/** Every quarter of an hour. */
const ERASURES_A_DAY = 96

export default localCommand({
  name: "backup",
  description:
    "Backs up a database, encrypted, into object storage: of an environment's stack by a job inside it, or without an environment that of BACKUP_DATABASE_URL (or DATABASE_DIRECT_URL, DATABASE_URL): docs/operations/backup-restore.md",
  examples: [
    "bun run ops backup production             # the stack's own database",
    "bun run ops backup                        # the one of BACKUP_DATABASE_URL",
    "bun run ops backup production --record    # when it last made one",
    "bun run ops backup --erasures-only",
  ],
  arguments: {
    environment: {
      type: "positional",
      required: false,
      description: "A file of ops/environments/ by its name, or a path that ends in .toml",
    },
    daily: {
      type: "boolean",
      description:
        "Go on, with one each day at BACKUP_HOUR (UTC), and --erasures-only every 15 minutes: what the stack's service does",
    },
    record: { type: "boolean", description: "Only say what is known of the newest that was taken there" },
    "erasures-only": {
      type: "boolean",
      description: "Store who was erased since the backup before, for every few minutes; nothing else",
    },
  },
  run: async ({ arguments: { environment, daily, record, ...given }, dryRun }) => {
    if (environment) return ofStack(environment, { record: Boolean(record), dryRun })
    if (record) {
      const known = await readRecord(needRecord())
      return { text: recordText(known), facts: { record: known } }
    }
    const storage = new Storage(storageSettings())
    const url = databaseUrl("BACKUP_DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_URL")
    if (given["erasures-only"]) return erasuresOnly(url, storage, dryRun)
    const recipients = recipientSettings()
    const deployed = variable("BACKUP_DEPLOYED_IMAGE")
    const take = (signal: AbortSignal) =>
      telling(
        "backup",
        () => takeBackup({ url, storage, recipients, deployed }, signal),
        ({ backup }) => ({ at: backup.takenAt, sizeBytes: backup.dump.size }),
      )
    if (dryRun)
      return {
        text: `It would back up ${placeOf(url)} into ${storage.name}, to be opened by ${recipients.join(", ")}.`,
        facts: { database: placeOf(url), storage: storage.name, recipients },
      }
    if (daily) {
      const schedule = backupSchedule()
      const often = { every: schedule.every / ERASURES_A_DAY, url, storage }
      await interruptible((signal) =>
        Promise.all([
          backUpDaily({ schedule, record: needRecord(), take }, signal),
          storeErasuresOften(often, signal),
        ]),
      )
      return { text: "Stopped.", facts: {} }
    }
    const taken = await interruptible(take)
    const path = recordPath()
    if (path) await recordTaken(path, taken)
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
  const { length: erasures } = await recentErasures(url, storage)
  return {
    text:
      erasures === 0
        ? `Nobody was erased from ${placeOf(url)} in the last day: nothing is stored.`
        : `${erasures} erasure${erasures === 1 ? "" : "s"} of the last day stored in ${storage.name}: a restore erases them again.`,
    facts: { erasures },
  }
}

async function ofStack(
  name: string,
  { record, dryRun }: { record: boolean; dryRun: boolean },
): Promise<Result> {
  const environment = needSwarm(
    await readEnvironment(name),
    "Its database is backed up by the workflow backup.yml, or from here with BACKUP_DATABASE_URL set and no environment named (docs/operations/backup-restore.md).",
  )
  const place = needBackup(environment)
  const where = `${place.bucket} at ${new URL(place.endpoint).host}`
  await using engine = await Engine.open(environment)
  if (dryRun)
    return {
      text: `It would back up the database of ${environment.stack} into ${where}, to be opened by ${place.recipients.join(", ")}.`,
      facts: { stack: environment.stack, storage: where, recipients: place.recipients },
    }
  if (record) {
    const known = await stackRecord(engine, environment)
    return { text: recordText(known), facts: { record: known } }
  }
  const said = (await interruptible((signal) => backUpStack(engine, environment, signal))) as Taken
  return { text: takenText(said, where), facts: said }
}

function needRecord(): string {
  const path = recordPath()
  if (!path) throw new Refusal(2, "BACKUP_RECORD is not set: the file that says when a backup was last made.")
  return path
}
