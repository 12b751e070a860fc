import { createHash, timingSafeEqual } from "node:crypto"
import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { workerNumber } from "../workers.ts"
import { observeDatabase } from "./database.ts"
import { metricsOfAllWorkers } from "./of-workers.ts"

/** Of one length whatever is sent, so that comparing takes one time. */
const digest = (text: string) => createHash("sha256").update(text).digest()

/**
 * `/metrics` in Prometheus' text format (version 0.0.4), for who has METRICS_TOKEN. Not part of the API, so not in its
 * document; without the variable the address does not exist.
 */
export const metricsRoutes = (
  dependencies: Pick<Dependencies, "config" | "sql" | "letters" | "streams" | "shippedMigration" | "metrics">,
) => {
  const routes = new Elysia({ name: "metrics" })
  const { config, metrics } = dependencies
  if (metrics === null || config.metricsToken === null) return routes
  const expected = digest(`Bearer ${config.metricsToken}`)
  const look = observeDatabase(metrics.registry, dependencies)
  const own = async () => {
    await look()
    return metrics.registry.metrics()
  }
  const text =
    workerNumber() === null
      ? own
      : metricsOfAllWorkers(async () => {
          await look()
          return metrics.registry.getMetricsAsJSON()
        })
  return routes.get(
    "/metrics",
    async ({ request }) => {
      if (!timingSafeEqual(digest(request.headers.get("authorization") ?? ""), expected))
        throw new Problem(401, "unauthenticated", "This wants METRICS_TOKEN.", {
          headers: { "WWW-Authenticate": "Bearer" },
        })
      return new Response(await text(), {
        headers: { "Content-Type": metrics.registry.contentType, "Cache-Control": "no-store" },
      })
    },
    { detail: { hide: true } },
  )
}
