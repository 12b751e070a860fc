import type { Logger } from "pino"
import type { RequestFacts } from "./request-facts.ts"

/**
 * One line for each request. The route is its pattern, so no id and no secret of a URL gets into the log; the
 * health checks and scrapes, which come every few seconds, are only written when they fail or at level `debug`.
 */
export function logRequest(
  log: Logger,
  request: Request,
  facts: RequestFacts,
  status: number,
  milliseconds: number,
) {
  const quiet = (facts.route?.startsWith("/health") || facts.route === "/metrics") && status < 400
  log[quiet ? "debug" : "info"](
    {
      requestId: facts.requestId,
      method: request.method,
      route: facts.route,
      status,
      durationMs: Math.round(milliseconds * 100) / 100,
      accountId: facts.accountId ?? undefined,
      traceId: facts.trace?.sampled ? facts.trace.traceId : undefined,
    },
    "request",
  )
}
