import { createHash, timingSafeEqual } from "node:crypto"
import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { keepReport } from "./queries.ts"
import { backupReport } from "./shapes.ts"

/** Milliseconds that another machine's clock may be ahead: a moment to come would keep an old backup from being noticed. */
const MOST_AHEAD = 5 * 60_000

/** Of one length whatever is sent, so that comparing takes one time. */
const digest = (text: string) => createHash("sha256").update(text).digest()

/**
 * `POST /api/backup-reports`: where `ops backup` and `ops drill`, which run elsewhere, tell how they ended, by
 * BACKUP_REPORT_TOKEN. For operators alone, so not in the API's document; without the variable the address does not exist.
 */
export const backupReportRoutes = ({ config, sql, log }: Pick<Dependencies, "config" | "sql" | "log">) => {
  const routes = new Elysia({ name: "backup-reports", normalize: false })
  if (config.backupReportToken === null) return routes
  const expected = digest(`Bearer ${config.backupReportToken}`)
  return routes.post(
    "/api/backup-reports",
    async ({ body, set }) => {
      if (Date.parse(body.at) > Date.now() + MOST_AHEAD)
        throw Problem.invalidInput([{ path: "/at", code: "invalid", message: "This is still to come." }])
      await keepReport(sql, body)
      log[body.outcome === "failed" ? "error" : "info"](body, `${body.kind} ${body.outcome}`)
      set.status = 204
    },
    {
      // Before the body's shape is looked at.
      transform: ({ request }) => {
        if (!timingSafeEqual(digest(request.headers.get("authorization") ?? ""), expected))
          throw new Problem(401, "unauthenticated", "This wants BACKUP_REPORT_TOKEN.", {
            headers: { "WWW-Authenticate": "Bearer" },
          })
      },
      body: backupReport,
      detail: { hide: true },
    },
  )
}
