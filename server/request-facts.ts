import type { RequestTrace } from "./trace-context.ts"

/** What is known of one request besides what it carries; the log line is written from it. */
export type RequestFacts = {
  /** Told to the caller as `X-Request-Id` and in every problem, and written in every log line. */
  requestId: string
  /** `performance.now()` when the request arrived. */
  startedAt: number
  /** The pattern of the route that answers, `/api/todos/:id`; null when there is none. */
  route: string | null
  /** Who is signed in, once that is known. */
  accountId: string | null
  /** Where the request stands in its trace; only where traces are recorded. */
  trace?: RequestTrace
}

const FACTS = Symbol("facts")

type WithFacts = Request & { [FACTS]?: RequestFacts }

/** The facts of `request`, begun with a request id of its own when it has none yet. */
export function factsOf(request: Request): RequestFacts {
  // A property costs half of what a WeakMap does, and dies with the request.
  const known = (request as WithFacts)[FACTS]
  if (known) return known
  const facts: RequestFacts = {
    requestId: Bun.randomUUIDv7(),
    startedAt: performance.now(),
    route: null,
    accountId: null,
  }
  shareFacts(request, facts)
  return facts
}

/** Makes `request`, which stands in for another one, share its facts. */
export function shareFacts(request: Request, facts: RequestFacts) {
  ;(request as WithFacts)[FACTS] = facts
}
