import type { Sql } from "../database/connect.ts"

export type QueueState = {
  queue: string
  /** Jobs that wait or are being done. */
  waiting: number
  /** Seconds since the oldest of them became due; null when none waits. */
  oldestSeconds: number | null
  /** Jobs given up that are not deleted yet (a week). */
  failed: number
}

/** Every job queue; read from the index of pg-boss for each queue. */
export const queueStates = (sql: Sql): Promise<QueueState[]> => sql<QueueState[]>`
  select queue.name as queue, queued.waiting, queued.oldest_seconds, failed.failed
  from pgboss.queue as queue
  cross join lateral (
    select count(*)::int as waiting,
      extract(epoch from now() - min(created_on) filter (where start_after <= now()))::float8 as oldest_seconds
    from pgboss.job where job.name = queue.name and state < 'completed'
  ) as queued
  cross join lateral (
    select count(*)::int as failed from pgboss.job where job.name = queue.name and state = 'failed'
  ) as failed
  where queue.name !~ '^__'
  order by queue.name`

export type DatabaseLoad = {
  /** Sessions of everyone that the server of the database has, and may have. */
  sessions: number
  mostSessions: number
  /** Transactions since the oldest row that was not frozen; at 2^31 the server would stop writing. */
  transactionIdAge: number
  /** Whether write-ahead log is archived; when it last was, and when that last failed, in seconds since 1970. */
  archives: boolean
  lastArchived: number | null
  lastArchiveFailed: number | null
  /** Bytes of whole segments that wait to be archived; null before the first one was. */
  walWaiting: number | null
  /**
   * Since when log is missing from the archive that no full backup has made up for, and when the newest physical backup
   * was ended, in seconds since 1970, as ops/database/keep-archive.sh says.
   */
  archiveGap: number | null
  baseBackup: number | null
}

/** What any role may know of the server of the database. */
export async function databaseLoad(sql: Sql): Promise<DatabaseLoad> {
  const [load] = await sql<[DatabaseLoad]>`
    select (select sum(numbackends)::int from pg_stat_database) as sessions,
      current_setting('max_connections')::int as most_sessions,
      (select max(age(datfrozenxid))::float8 from pg_database) as transaction_id_age,
      current_setting('archive_mode') <> 'off' as archives,
      (select extract(epoch from last_archived_time)::float8 from pg_stat_archiver) as last_archived,
      (select extract(epoch from last_failed_time)::float8 from pg_stat_archiver) as last_archive_failed,
      (select (greatest(0, written.segment_number - archived.segment_number - 1)
          * pg_size_bytes(current_setting('wal_segment_size')))::float8
        from pg_stat_archiver,
          pg_split_walfile_name(pg_walfile_name(pg_current_wal_lsn())) as written,
          pg_split_walfile_name(left(last_archived_wal, 24)) as archived
        where last_archived_wal ~ '^[0-9A-F]{24}') as wal_waiting,
      nullif(current_setting('docket.archive_gap_since', true), '')::float8 as archive_gap,
      nullif(current_setting('docket.base_backup_at', true), '')::float8 as base_backup`
  return load
}
