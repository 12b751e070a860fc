import { standingOf } from "../backups/age.ts"
import { backupStates } from "../backups/queries.ts"
import type { Sql } from "../database/connect.ts"
import { diskSpace } from "../disk-space.ts"
import type { Pause } from "../mail/letters.ts"
import { type MailQueueState, mailQueueState } from "../mail/queries.ts"
import { databaseState } from "./queries.ts"

export type DatabaseCheck = {
  status: "up" | "down"
  /** Milliseconds that one statement took, the wait for a connection included. */
  latency?: number
  /** Connections that Docket holds to this database, by all its processes. */
  pool?: { open: number; active: number; most: number }
  /** The newest migration applied, and the newest that this release ships. */
  schema?: { status: "current" | "behind" | "ahead"; applied: number; shipped: number }
  reason?: string
}

export async function checkDatabase(
  sql: Sql,
  { shipped, poolSize }: { shipped: number; poolSize: number },
): Promise<DatabaseCheck> {
  const started = performance.now()
  const { applied, open, active } = await databaseState(sql)
  return {
    status: "up",
    latency: Math.round((performance.now() - started) * 10) / 10,
    pool: { open, active, most: poolSize },
    schema: {
      status: applied === shipped ? "current" : applied < shipped ? "behind" : "ahead",
      applied,
      shipped,
    },
  }
}

export type DiskCheck = {
  status: "ok" | "low" | "unknown"
  freeBytes?: number
  totalBytes?: number
  reason?: string
}

export async function checkDisk(): Promise<DiskCheck> {
  const { low, ...space } = await diskSpace()
  return { status: low ? "low" : "ok", ...space }
}

export type MailCheck = Partial<MailQueueState> & {
  status: "ok" | "degraded" | "not configured" | "unknown"
  /** Since when letters wait for the mail server to come back; why is in the log, since servers' replies name addresses. */
  pausedSince?: string
  reason?: string
}

/** A letter that has waited longer than the first retry of a refused one has a fault behind it. */
const LATE_SECONDS = 15 * 60

/** `degraded` while the mail server cannot be used, or while a letter has waited for more than a quarter of an hour. */
export async function checkMail(sql: Sql, paused: Pause | null): Promise<MailCheck> {
  const queue = await mailQueueState(sql)
  const degraded = paused !== null || (queue.oldestSeconds ?? 0) > LATE_SECONDS
  return { status: degraded ? "degraded" : "ok", ...queue, ...(paused ? { pausedSince: paused.since } : {}) }
}

export type BackupCheck = {
  status: "ok" | "failed" | "old" | "not reported" | "unknown"
  /** The moment that the newest backup brings back, or of the last proof. */
  lastSuccessAt?: string | null
  lastRunAt?: string | null
  ageSeconds?: number | null
  reason?: string
}
export type BackupChecks = Record<"backup" | "drill", BackupCheck>

/** What the backup and the drill told of themselves. */
export async function checkBackups(sql: Sql, now = Date.now()): Promise<BackupChecks> {
  const states = await backupStates(sql)
  const check = (kind: "backup" | "drill"): BackupCheck => {
    const state = states.find((state) => state.kind === kind)
    const lastSuccessAt = state?.succeededAt ?? null
    return {
      status: standingOf(kind, states, now),
      lastSuccessAt,
      lastRunAt: state?.endedAt ?? null,
      ageSeconds: lastSuccessAt === null ? null : Math.round((now - Date.parse(lastSuccessAt)) / 1000),
    }
  }
  return { backup: check("backup"), drill: check("drill") }
}
