import type { Sql } from "../database/connect.ts"
import type { BackupReport } from "./shapes.ts"

export type BackupState = {
  kind: "backup" | "drill"
  /** Of the last run that told of itself. */
  outcome: "succeeded" | "failed"
  endedAt: string
  /** The moment that the newest backup brings back, or of the last proof; null before the first. */
  succeededAt: string | null
  /** Of the newest backup, in bytes. */
  sizeBytes: number | null
}

/** Keeps what a run told. One that arrives after a later one changes nothing. */
export async function keepReport(sql: Sql, { kind, outcome, at, sizeBytes }: BackupReport): Promise<void> {
  const succeededAt = outcome === "succeeded" ? at : null
  await sql`
    insert into backup_reports as known (kind, outcome, ended_at, succeeded_at, size_bytes)
    values (${kind}, ${outcome}, ${at}, ${succeededAt}, ${sizeBytes ?? null})
    on conflict (kind) do update set
      outcome = excluded.outcome,
      ended_at = excluded.ended_at,
      succeeded_at = coalesce(excluded.succeeded_at, known.succeeded_at),
      size_bytes = coalesce(excluded.size_bytes, known.size_bytes)
    where known.ended_at <= excluded.ended_at`
}

/** At most one row of each kind. */
export const backupStates = (sql: Sql): Promise<BackupState[]> => sql<BackupState[]>`
  select kind, outcome, ended_at, succeeded_at, size_bytes from backup_reports order by kind`
