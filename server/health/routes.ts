import { Elysia } from "elysia"
import { mailConfigured } from "../config.ts"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"
import {
  type BackupChecks,
  checkBackups,
  checkDatabase,
  checkDisk,
  checkMail,
  type DatabaseCheck,
  type DiskCheck,
  type MailCheck,
} from "./checks.ts"
import { probe } from "./probe.ts"
import { health, live } from "./shapes.ts"

/**
 * `/health` is for operators: what works and how well, 503 while the database is away. `/health/live` is for what
 * restarts processes: this one answers, whatever the database does.
 */
export const healthRoutes = ({
  config,
  sql,
  letters,
  version,
  shippedMigration,
}: Pick<Dependencies, "config" | "sql" | "letters" | "version" | "shippedMigration">) => {
  const database = probe<DatabaseCheck>(
    () => checkDatabase(sql, { shipped: shippedMigration, poolSize: config.databasePoolSize }),
    (reason) => ({ status: "down", reason }),
  )
  const mail = probe<MailCheck>(
    async () => (mailConfigured(config) ? checkMail(sql, letters.pause()) : { status: "not configured" }),
    (reason) => ({ status: "unknown", reason }),
  )
  const backups = probe<BackupChecks>(
    async () =>
      config.backupReportToken === null ? bothBackups({ status: "not reported" }) : checkBackups(sql),
    (reason) => bothBackups({ status: "unknown", reason }),
  )
  const disk = probe<DiskCheck>(checkDisk, (reason) => ({ status: "unknown", reason }))

  return new Elysia({ name: "health" })
    .get(
      "/health",
      async ({ set }) => {
        const [databaseCheck, mailCheck, diskCheck, backupChecks] = await Promise.all([
          database(),
          mail(),
          disk(),
          backups(),
        ])
        const checks = {
          database: databaseCheck,
          mail: mailCheck,
          disk: diskCheck,
          ...backupChecks,
          memory: memory(),
        }
        const connected = checks.database.status === "up"
        set.status = connected ? 200 : 503
        set.headers["cache-control"] = "no-store"
        return {
          status: connected ? ("healthy" as const) : ("unhealthy" as const),
          version,
          timestamp: new Date().toISOString(),
          uptime: Math.round(process.uptime()),
          database: connected ? ("connected" as const) : ("disconnected" as const),
          smtp: mailConfigured(config) ? ("configured" as const) : ("not configured" as const),
          checks,
        }
      },
      {
        response: { 200: health, 503: health },
        detail: operation({ id: "health", tag: "Health", summary: "What works, and how well", public: true }),
      },
    )
    .get(
      "/health/live",
      ({ set }) => {
        set.headers["cache-control"] = "no-store"
        return { status: "alive" as const }
      },
      {
        response: { 200: live },
        detail: operation({
          id: "healthLive",
          tag: "Health",
          summary: "Whether the process answers",
          public: true,
        }),
      },
    )
}

const bothBackups = (check: BackupChecks["backup"]): BackupChecks => ({ backup: check, drill: check })

const memory = () => {
  const { rss, heapUsed } = process.memoryUsage()
  return { rssBytes: rss, heapUsedBytes: heapUsed }
}
