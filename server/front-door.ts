import type { Elysia } from "elysia"
import { allowOrigin, crossOrigin, isPreflight } from "./cross-origin.ts"
import type { Dependencies } from "./dependencies.ts"
import { problemOf, problemResponse } from "./problem-responses.ts"
import { Problem } from "./problems.ts"
import { requestDeadline } from "./request-deadline.ts"
import { factsOf, type RequestFacts } from "./request-facts.ts"
import { logRequest } from "./request-log.ts"
import { securityHeaders } from "./security-headers.ts"

/** The route of server/static-files.ts. */
const PAGE_FILES = "/*"
/** Seconds that a request may take beyond what one statement may: for its body, for a free connection. */
const BESIDE_STATEMENT = 20

type Fetch = (request: Request) => Response | Promise<Response>
type Wrap = Parameters<Elysia["wrap"]>[0]

/**
 * What every request passes, whatever becomes of it: cross-origin and security headers on the answer, a deadline, and
 * a line in the log. Synchronous where it can be, and nothing is cloned: this is on the way of every read.
 */
export const frontDoor = ({
  config,
  log,
  metrics = null,
  traces = null,
}: Pick<Dependencies, "config" | "log"> & Partial<Pick<Dependencies, "metrics" | "traces">>) => {
  const secure = securityHeaders(config)
  const askOrigin = crossOrigin(config)
  const deadline = requestDeadline(config.databaseStatementTimeoutSeconds + BESIDE_STATEMENT)

  const finish = (request: Request, facts: RequestFacts, response: Response, asked: Response | null) => {
    secure(response, facts.route === PAGE_FILES && response.status < 400)
    response.headers.append("Vary", "Origin")
    response.headers.set("X-Request-Id", facts.requestId)
    if (asked) allowOrigin(response, asked)
    const milliseconds = performance.now() - facts.startedAt
    metrics?.requests.observe(request.method, facts.route, response.status, milliseconds / 1000)
    traces?.answered(request, facts, response.status, milliseconds)
    logRequest(log, request, facts, response.status, milliseconds)
    return response
  }

  /** For an error outside every route, which no hook has seen. */
  const lastResort = (error: unknown, { requestId, accountId }: RequestFacts) => {
    log.error(
      { err: error, requestId, accountId: accountId ?? undefined },
      "request failed outside every route",
    )
    return problemResponse(problemOf(error), requestId)
  }

  const open = (routes: Fetch, request: Request, asked: Response | null): Response | Promise<Response> => {
    const facts = factsOf(request)
    if (asked && isPreflight(request)) return finish(request, facts, asked, asked)
    try {
      const answer = traces ? traces.within(facts, () => routes(request)) : routes(request)
      if (answer instanceof Response) return finish(request, facts, answer, asked)
      return deadline
        .race(answer, () => problemResponse(Problem.timedOut(), facts.requestId))
        .then(
          (response) => finish(request, facts, response, asked),
          (error) => finish(request, facts, lastResort(error, facts), asked),
        )
    } catch (error) {
      return finish(request, facts, lastResort(error, facts), asked)
    }
  }

  // Elysia wraps anew for each request, always the same routes.
  let wrapped: Fetch | undefined
  const wrap = (routes: Fetch): Fetch => {
    wrapped ??= (request) =>
      request.headers.has("origin")
        ? Promise.resolve(askOrigin(request)).then((asked) => open(routes, request, asked))
        : open(routes, request, null)
    return wrapped
  }
  return wrap as unknown as Wrap
}
