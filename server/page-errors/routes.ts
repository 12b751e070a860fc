import { Elysia } from "elysia"
import { callerAddress } from "../caller-address.ts"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { networkOf } from "../limits/networks.ts"
import { charge } from "../limits/queries.ts"
import { factsOf } from "../request-facts.ts"
import { browserOf, scrubbed } from "./scrub.ts"
import { pageErrorShape } from "./shapes.ts"

/**
 * `POST /api/page-errors`: where the page tells of its own errors, which then are in the log and go the way of the server's
 * (error-reports.ts). Only where SENTRY_DSN is set, and for the page alone, so not in the API's document.
 */
export const pageErrorRoutes = (dependencies: Pick<Dependencies, "config" | "sql" | "log">) => {
  const { config, sql, log } = dependencies
  const routes = new Elysia({ name: "page-errors", normalize: false })
  if (config.sentryDsn === null) return routes
  return routes.use(callerAddress(dependencies)).post(
    "/api/page-errors",
    async ({ body, request, address, set }) => {
      await charge(sql, LIMITS.pageErrorsByNetwork, networkOf(address))
      const requestId =
        body.requestId && /^[\w.-]+$/.test(body.requestId) ? body.requestId : factsOf(request).requestId
      const browser = browserOf(request.headers.get("user-agent"))
      log.error({ requestId, browser, ...scrubbed(body) }, "an error of the page")
      set.status = 204
    },
    { body: pageErrorShape, detail: { hide: true } },
  )
}
