import { MOST_HOURS, standingOf } from "../backups/age.ts"
import { type BackupState, backupStates } from "../backups/queries.ts"
import type { Dependencies } from "../dependencies.ts"
import { type DiskSpace, diskSpace } from "../disk-space.ts"
import { databaseState } from "../health/queries.ts"
import { queueStates } from "../metrics/queries.ts"
import type { Found } from "./conditions.ts"
import type { PublicCertificate } from "./public-certificate.ts"

/** Something that is looked at, and for how long it has to be wrong before anyone is told (milliseconds). */
export type Look = { name: string; patience: number; look: () => Promise<Found> }

type Looked = Pick<Dependencies, "config" | "sql" | "letters" | "shippedMigration" | "metrics">

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** Milliseconds that the database may take to answer. */
const DATABASE_PATIENCE = 5_000
/** Days that a certificate has to be good for: the authority's are renewed a month before they end. */
const LEAST_DAYS = 14
/** Seconds that a job may wait. */
const OLD_JOB = 15 * 60
/** Seconds that the event loop may be late, and in what share of the looks since the last one it may be later. */
const LATE = 0.5
const MOST_LATE = 0.05
/** Of the requests since the last looks; and how many have to fail, since one of two at night is no share. */
const MOST_FAILED = 0.05
const LEAST_FAILED = 5

/**
 * What this process can see by itself; names are those of the add-on's alerts where it has the same. `certificate` is the
 * public address's, where it has one.
 */
export function looksOf(
  { config, sql, letters, shippedMigration, metrics }: Looked,
  certificate: Pick<PublicCertificate, "expiresAt"> | null = null,
): Look[] {
  const away = () => "The database does not answer."
  const database = () => within(databaseState(sql), DATABASE_PATIENCE)
  return [
    {
      name: "DatabaseDown",
      patience: MINUTE / 2,
      look: () => database().then(() => null, away),
    },
    {
      name: "SchemaBehind",
      patience: 3 * MINUTE,
      look: () =>
        database().then(
          ({ applied }) =>
            applied < shippedMigration
              ? `The database has migration ${applied} and the release ${shippedMigration}.`
              : null,
          () => null,
        ),
    },
    {
      name: "MailFailing",
      patience: 2 * MINUTE,
      look: async () => {
        const pause = letters.pause()
        return pause && !pause.held ? "The mail server cannot be used; letters wait." : null
      },
    },
    {
      name: "QueueOld",
      patience: MINUTE,
      look: () => within(queueStates(sql), DATABASE_PATIENCE).then(oldQueue, () => null),
    },
    { name: "DiskFillingUp", patience: MINUTE, look: () => diskSpace().then(lowDisk, () => null) },
    ...(config.backupReportToken === null ? [] : backupLooks(sql)),
    ...(certificate
      ? [{ name: "CertificateExpiring", patience: MINUTE, look: async () => ending(certificate.expiresAt()) }]
      : []),
    ...(metrics ? [eventLoopLook(metrics), errorLook(metrics)] : []),
  ]
}

/** Where backups tell of themselves. While the database is away nothing new is known of them. */
function backupLooks(sql: Looked["sql"]): Look[] {
  const look = (kind: BackupState["kind"], found: (standing: ReturnType<typeof standingOf>) => Found) => () =>
    within(backupStates(sql), DATABASE_PATIENCE).then(
      (states) => found(standingOf(kind, states, Date.now())),
      () => null,
    )
  const old = (standing: string, sentence: string) => (standing === "old" ? sentence : null)
  return [
    {
      name: "BackupOld",
      patience: MINUTE,
      look: look("backup", (standing) =>
        old(standing, `There is no backup of the last ${MOST_HOURS} hours.`),
      ),
    },
    {
      name: "DrillOld",
      patience: MINUTE,
      look: look("drill", (standing) =>
        old(standing, `No backup was proven in the last ${MOST_HOURS} hours.`),
      ),
    },
  ]
}

function ending(expiresAt: number | null): Found {
  const days = expiresAt === null ? Number.POSITIVE_INFINITY : (expiresAt - Date.now()) / DAY
  if (days >= LEAST_DAYS) return null
  return days < 0
    ? "The certificate of the public address has ended."
    : `The certificate of the public address ends in ${days.toFixed(1)} days, and should have been renewed.`
}

function oldQueue(queues: Awaited<ReturnType<typeof queueStates>>): Found {
  const old = queues.filter(({ oldestSeconds }) => (oldestSeconds ?? 0) > OLD_JOB)
  if (old.length === 0) return null
  const list = old.map(({ queue, oldestSeconds }) => `${queue} for ${Math.round(oldestSeconds! / 60)} min`)
  return `Jobs wait: ${list.join(", ")}.`
}

const lowDisk = ({ low, freeBytes }: DiskSpace): Found =>
  low ? `The server's file system has ${Math.round(freeBytes / 1e6)} MB left.` : null

type Metrics = NonNullable<Looked["metrics"]>

/** Since it was looked at last. */
function eventLoopLook({ eventLoop }: Metrics): Look {
  let before = eventLoop.durations.count(LATE)
  return {
    name: "EventLoopSlow",
    patience: 2 * MINUTE,
    look: async () => {
      const now = eventLoop.durations.count(LATE)
      const [looks, late] = [now.all - before.all, now.above - before.above]
      before = now
      return looks > 0 && late / looks > MOST_LATE
        ? `The event loop was late by more than ${LATE} s in ${Math.round((100 * late) / looks)} % of the time.`
        : null
    },
  }
}

/** Over the last few looks: single ones have too few requests. */
function errorLook({ requests }: Metrics): Look {
  const LOOKS = 12
  const kept: { all: number; failed: number }[] = []
  return {
    name: "ErrorRateHigh",
    patience: MINUTE,
    look: async () => {
      const now = requests.answered()
      kept.push(now)
      const before = kept.length > LOOKS ? kept.shift()! : kept[0]!
      const [all, failed] = [now.all - before.all, now.failed - before.failed]
      return failed >= LEAST_FAILED && failed / all > MOST_FAILED
        ? `${Math.round((100 * failed) / all)} % of requests fail by a fault of ours.`
        : null
    },
  }
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error("no answer in time")), milliseconds)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
