import { t } from "elysia"
import { choice } from "../input-types.ts"

const databaseCheck = t.Object({
  status: choice(["up", "down"]),
  latency: t.Optional(
    t.Number({ description: "Milliseconds one statement took, the wait for a connection included." }),
  ),
  pool: t.Optional(
    t.Object(
      { open: t.Integer(), active: t.Integer(), most: t.Integer() },
      {
        description:
          "Connections all processes of this installation hold, and the most that one process opens.",
      },
    ),
  ),
  schema: t.Optional(
    t.Object({
      status: choice(["current", "behind", "ahead"]),
      applied: t.Integer(),
      shipped: t.Integer(),
    }),
  ),
  reason: t.Optional(t.String()),
})

const mailCheck = t.Object({
  status: choice(["ok", "degraded", "not configured", "unknown"]),
  waiting: t.Optional(t.Integer({ description: "Letters that wait or are being sent." })),
  oldestSeconds: t.Optional(t.Nullable(t.Number())),
  givenUp: t.Optional(t.Integer({ description: "Letters given up in the last week." })),
  lastGivenUpAt: t.Optional(t.Nullable(t.String({ format: "date-time" }))),
  pausedSince: t.Optional(
    t.String({
      format: "date-time",
      description: "Letters wait for the mail server to come back; the log says why.",
    }),
  ),
  reason: t.Optional(t.String()),
})

const diskCheck = t.Object({
  status: choice(["ok", "low", "unknown"]),
  freeBytes: t.Optional(t.Number()),
  totalBytes: t.Optional(t.Number()),
  reason: t.Optional(t.String()),
})

const backupCheck = t.Object({
  status: choice(["ok", "failed", "old", "not reported", "unknown"], {
    description:
      "`old` when none succeeded in the last 26 hours; `failed` when the last one did; `not reported` where backups tell nothing.",
  }),
  lastSuccessAt: t.Optional(t.Nullable(t.String({ format: "date-time" }))),
  lastRunAt: t.Optional(t.Nullable(t.String({ format: "date-time" }))),
  ageSeconds: t.Optional(t.Nullable(t.Integer({ description: "Since the last success." }))),
  reason: t.Optional(t.String()),
})

export const health = t.Object({
  status: choice(["healthy", "unhealthy"]),
  version: t.String(),
  timestamp: t.String({ format: "date-time" }),
  uptime: t.Integer({ description: "Seconds since this process started." }),
  database: choice(["connected", "disconnected"]),
  smtp: choice(["configured", "not configured"]),
  checks: t.Object({
    database: databaseCheck,
    mail: mailCheck,
    disk: diskCheck,
    backup: backupCheck,
    drill: backupCheck,
    memory: t.Object({ rssBytes: t.Integer(), heapUsedBytes: t.Integer() }),
  }),
})

export const live = t.Object({ status: t.Literal("alive") })
