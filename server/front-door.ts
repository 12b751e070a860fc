import type { Elysia } from "elysia"
import type { Dependencies } from "./dependencies.ts"
import { problemOf, problemResponse } from "./problem-responses.ts"
import { factsOf, type RequestFacts } from "./request-facts.ts"
import { logRequest } from "./request-log.ts"
import { securityHeaders } from "./security-headers.ts"

/** The route of server/static-files.ts. */
const PAGE_FILES = "/*"

type Fetch = (request: Request) => Response | Promise<Response>
type Wrap = Parameters<Elysia["wrap"]>[0]

/**
 * What every request passes, whatever becomes of it: headers on the answer, and a line in the log. Synchronous
 * where it can be, and nothing is cloned: this is on the way of every read.
 */
export const frontDoor = ({ config, log }: Pick<Dependencies, "config" | "log">) => {
  const secure = securityHeaders(config)
  const finish = (request: Request, facts: RequestFacts, response: Response) => {
    secure(response, facts.route === PAGE_FILES && response.status < 400)
    response.headers.set("X-Request-Id", facts.requestId)
    logRequest(log, request, facts, response.status)
    return response
  }
  let open: Fetch | undefined
  return ((routes: Fetch) => {
    open ??= (request) => {
      const facts = factsOf(request)
      try {
        const answer = routes(request)
        if (answer instanceof Response) return finish(request, facts, answer)
        return answer.then(
          (response) => finish(request, facts, response),
          (error) => finish(request, facts, lastResort(log, facts, error)),
        )
      } catch (error) {
        return finish(request, facts, lastResort(log, facts, error))
      }
    }
    return open
  }) as unknown as Wrap
}

/** For an error outside every route, which no hook has seen. */
function lastResort(log: Dependencies["log"], { requestId }: RequestFacts, error: unknown): Response {
  log.error({ err: error, requestId }, "request failed outside every route")
  return problemResponse(problemOf(error), requestId)
}
