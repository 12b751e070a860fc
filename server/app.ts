import "./input-types.ts"
import type { Server } from "bun"
import { Elysia } from "elysia"
import { accountRoutes } from "./accounts/routes.ts"
import { backupReportRoutes } from "./backups/routes.ts"
import type { Dependencies } from "./dependencies.ts"
import { frontDoor } from "./front-door.ts"
import { healthRoutes } from "./health/routes.ts"
import { instanceRoutes } from "./instance/routes.ts"
import { jsonBody } from "./json-body.ts"
import { listRoutes } from "./lists/routes.ts"
import { metricsRoutes } from "./metrics/routes.ts"
import { openapiRoutes } from "./openapi/routes.ts"
import { options } from "./options.ts"
import { pageErrorRoutes } from "./page-errors/routes.ts"
import { problemResponses } from "./problem-responses.ts"
import { requestChecks } from "./request-checks.ts"
import { RouteTable } from "./route-table.ts"
import { sessionRoutes } from "./sessions/routes.ts"
import { staticFiles } from "./static-files.ts"
import { statusPageRoutes } from "./status-page/routes.ts"
import { eventRoutes } from "./sync/event-routes.ts"
import { syncRoutes } from "./sync/routes.ts"
import { todoRoutes } from "./todos/routes.ts"

/** The route table: everything the server answers. */
export const createApp = (dependencies: Dependencies) => {
  const routes = new RouteTable()
  let listening: { server: Server<unknown> | null } | undefined
  const server = () => listening?.server ?? null
  const api = new Elysia({
    // Members that a shape does not name are refused, not dropped.
    normalize: false,
    // A host name may be as short as one letter.
    handler: { standardHostname: false },
  })
    .wrap(frontDoor(dependencies))
    .use(problemResponses(dependencies, routes))
    .use(options(routes))
    .use(requestChecks(dependencies, server))
    .use(jsonBody(routes))
    .use(healthRoutes(dependencies))
    .use(instanceRoutes(dependencies))
    .use(accountRoutes(dependencies))
    .use(sessionRoutes(dependencies))
    .use(listRoutes(dependencies))
    .use(todoRoutes(dependencies))
    .use(syncRoutes(dependencies))
    .use(eventRoutes(dependencies, server))
  const app = api
    .use(openapiRoutes(() => api, dependencies))
    .use(metricsRoutes(dependencies))
    .use(backupReportRoutes(dependencies))
    .use(pageErrorRoutes(dependencies))
    .use(statusPageRoutes(dependencies))
    .use(staticFiles(dependencies.folders.page, routes))
  routes.fill(app.routes)
  listening = app
  return app
}

export type App = ReturnType<typeof createApp>
