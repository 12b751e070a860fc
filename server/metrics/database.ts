import { Gauge, type Registry } from "prom-client"
import { type BackupState, backupStates } from "../backups/queries.ts"
import type { Dependencies } from "../dependencies.ts"
import { probe } from "../health/probe.ts"
import { type DatabaseState, databaseState } from "../health/queries.ts"
import { type DatabaseLoad, databaseLoad, type QueueState, queueStates } from "./queries.ts"

type Looked = Pick<Dependencies, "config" | "sql" | "letters" | "streams" | "shippedMigration">
type Found = {
  seconds: number
  state: DatabaseState
  load: DatabaseLoad
  queues: QueueState[]
  backups: BackupState[]
}

/**
 * Gauges of what the processes share. The database is asked once for all who scrape within a second, and while it is
 * away only `docket_database_up` is told, with 0: what is not known is not told.
 */
export function observeDatabase(
  registry: Registry,
  { config, sql, letters, streams, shippedMigration }: Looked,
): () => Promise<void> {
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const up = gauge("docket_database_up", "1 while the database answers.")
  const latency = gauge(
    "docket_database_probe_seconds",
    "Seconds one statement took, the wait for a connection included.",
  )
  const connections = gauge(
    "docket_pool_connections",
    "Connections that all processes of this installation hold for requests, by what they do.",
    "state",
  )
  const most = gauge(
    "docket_pool_connections_most",
    "Connections that this process opens for requests at most.",
  )
  const applied = gauge("docket_migration_applied", "The newest migration that the database has.")
  const shipped = gauge("docket_migration_shipped", "The newest migration that this release ships.")
  const waiting = gauge("docket_jobs_waiting", "Jobs that wait or are being done.", "queue")
  const oldest = gauge("docket_job_oldest_seconds", "Seconds that the oldest due job has waited.", "queue")
  const failed = gauge("docket_jobs_given_up", "Jobs given up in the last week.", "queue")
  const sessions = gauge("docket_database_sessions", "Sessions of everyone that the database's server has.")
  const mostSessions = gauge("docket_database_sessions_most", "Sessions that it may have (max_connections).")
  const age = gauge(
    "docket_transaction_id_age",
    "Transactions since the oldest row that was not frozen; at 2^31 no more is written.",
  )
  const archived = gauge(
    "docket_wal_last_archived_timestamp_seconds",
    "When write-ahead log was last archived; only where it is.",
  )
  const archiveFailed = gauge(
    "docket_wal_last_archive_failed_timestamp_seconds",
    "When archiving write-ahead log last failed; only where it is archived and has failed.",
  )
  const backed = gauge(
    "docket_backup_last_success_timestamp_seconds",
    "The moment that the newest backup brings back, as ops backup told.",
  )
  const backedBytes = gauge(
    "docket_backup_last_size_bytes",
    "Bytes of the newest backup, as ops backup told.",
  )
  const drilled = gauge(
    "docket_drill_last_success_timestamp_seconds",
    "When a backup was last proven, as ops drill told.",
  )
  const runFailed = gauge("docket_backup_run_failed", "1 where the last run told that it failed.", "kind")
  const walWaiting = gauge(
    "docket_wal_waiting_bytes",
    "Write-ahead log that waits to be archived; only where it is.",
  )
  const archiveGap = gauge(
    "docket_wal_archive_gap_timestamp_seconds",
    "Since when log is missing from the archive and there is no full backup after it; only while that is so.",
  )
  const baseBackup = gauge(
    "docket_base_backup_last_success_timestamp_seconds",
    "When the newest physical backup was ended, 0 before the first; only where write-ahead log is archived.",
  )
  const paused = gauge("docket_letters_paused", "1 while this process waits for the mail server to be back.")
  const open = gauge("docket_event_streams", "Event streams that this process holds open.")
  most.set(config.databasePoolSize)
  shipped.set(shippedMigration)

  const ask = probe<Found | null>(
    async () => {
      const started = performance.now()
      const state = await databaseState(sql)
      const seconds = (performance.now() - started) / 1000
      const backups = config.backupReportToken === null ? [] : await backupStates(sql)
      return { seconds, state, load: await databaseLoad(sql), queues: await queueStates(sql), backups }
    },
    () => null,
    { deadline: 2_500 },
  )

  const tellBackups = (states: BackupState[]) => {
    for (const { kind, outcome, succeededAt, sizeBytes } of states) {
      runFailed.set({ kind }, outcome === "failed" ? 1 : 0)
      if (succeededAt !== null) (kind === "backup" ? backed : drilled).set(Date.parse(succeededAt) / 1000)
      if (kind === "backup" && sizeBytes !== null) backedBytes.set(sizeBytes)
    }
  }

  const tell = ({ seconds, state, load, queues, backups }: Found) => {
    tellBackups(backups)
    sessions.set(load.sessions)
    mostSessions.set(load.mostSessions)
    age.set(load.transactionIdAge)
    if (load.archives && load.lastArchived !== null) archived.set(load.lastArchived)
    if (load.archives && load.lastArchiveFailed !== null) archiveFailed.set(load.lastArchiveFailed)
    if (load.archives && load.walWaiting !== null) walWaiting.set(load.walWaiting)
    if (load.archives && load.archiveGap !== null) archiveGap.set(load.archiveGap)
    if (load.archives) baseBackup.set(load.baseBackup ?? 0)
    latency.set(seconds)
    connections.set({ state: "active" }, state.active)
    connections.set({ state: "idle" }, state.open - state.active)
    applied.set(state.applied)
    for (const { queue, ...of } of queues) {
      waiting.set({ queue }, of.waiting)
      oldest.set({ queue }, of.oldestSeconds ?? 0)
      failed.set({ queue }, of.failed)
    }
  }

  return async () => {
    const found = await ask()
    up.set(found ? 1 : 0)
    const pause = letters.pause()
    paused.set(pause && !pause.held ? 1 : 0)
    open.set(streams.count)
    for (const of of [connections, waiting, oldest, failed, runFailed]) of.reset()
    for (const of of [latency, applied, sessions, mostSessions, age]) of.remove()
    for (const of of [archived, archiveFailed, walWaiting, archiveGap, baseBackup]) of.remove()
    for (const of of [backed, backedBytes, drilled]) of.remove()
    if (found) tell(found)
  }
}
