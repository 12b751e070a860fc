import { AsyncLocalStorage } from "node:async_hooks"
import type { QueryWatcher } from "../database/watched-queries.ts"
import type { RequestFacts } from "../request-facts.ts"
import { beginTrace, newId, type RequestTrace } from "../trace-context.ts"
import type { Span } from "./otlp.ts"

/** Statements of one request that get a span; a synchronisation of a thousand changes has thousands. */
const MOST_STATEMENTS = 200

/**
 * A span for each request and, within it, for each of its statements, where OTEL_EXPORTER_OTLP_ENDPOINT is set. Bodies, addresses
 * and parameters are in none of them: the route's pattern, the statement's name, the request's id, which is the thread to log and
 * problem.
 */
export class Traces implements QueryWatcher<RequestTrace | undefined> {
  readonly #current = new AsyncLocalStorage<RequestTrace>()

  constructor(private readonly queue: { add: (span: Span) => void }) {}

  /** Does `work`, which answers the request. */
  within<T>(facts: RequestFacts, work: () => T): T {
    facts.trace = beginTrace(facts.requestId)
    return this.#current.run(facts.trace, work)
  }

  /** The request was answered. */
  answered(request: Request, facts: RequestFacts, status: number, milliseconds: number) {
    const { trace } = facts
    if (!trace?.sampled) return
    const { traceId, parentId, spanId } = trace
    this.queue.add({
      traceId,
      parentId,
      spanId,
      name: facts.route === null ? request.method : `${request.method} ${facts.route}`,
      kind: "server",
      startedAt: now() - milliseconds,
      seconds: milliseconds / 1000,
      failed: status >= 500,
      attributes: {
        "http.request.method": request.method,
        "http.route": facts.route,
        "http.response.status_code": status,
        "docket.request_id": facts.requestId,
        "enduser.id": facts.accountId,
      },
    })
  }

  began = () => this.#current.getStore()

  ended: QueryWatcher<RequestTrace | undefined>["ended"] = (query) => {
    const { name, seconds, error, begun } = query
    if (!begun?.sampled || begun.statements >= MOST_STATEMENTS) return
    begun.statements += 1
    const { code } = (error ?? {}) as { code?: unknown }
    this.queue.add({
      traceId: begun.traceId,
      parentId: begun.spanId,
      spanId: newId(8),
      name,
      kind: "client",
      startedAt: now() - seconds * 1000,
      seconds,
      failed: error !== null,
      attributes: {
        "db.system.name": "postgresql",
        "db.query.summary": name,
        "db.response.status_code": typeof code === "string" ? code : null,
      },
    })
  }
}

/** Milliseconds since 1970, to the microsecond. */
const now = () => performance.timeOrigin + performance.now()
