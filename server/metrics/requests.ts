import { Durations } from "./durations.ts"

/** What a caller may make up is one value: a method outside these, a path without a route. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

/** Requests by method, pattern of the route and status: some hundreds of series, whatever is asked for. */
export class RequestDurations {
  readonly durations = new Durations(
    "docket_http_request_duration_seconds",
    "Seconds from a request's arrival to the head of its answer, by the route's pattern.",
  )
  #answered = 0
  #failed = 0
  readonly #known = new Map<string, ReturnType<Durations["series"]>>()

  /** `route` is the pattern, never the path. */
  observe(method: string, route: string | null, status: number, seconds: number) {
    const key = `${method} ${route} ${status}`
    if (!route?.startsWith("/health")) {
      this.#answered += 1
      if (status >= 500) this.#failed += 1
    }
    this.durations.observe(this.#known.get(key) ?? this.#seriesOf(method, route, status), seconds)
  }

  /** Requests so far, and those that failed by a fault of ours; health checks are not counted. */
  answered(): { all: number; failed: number } {
    return { all: this.#answered, failed: this.#failed }
  }

  #seriesOf(givenMethod: string, route: string | null, status: number) {
    const method = METHODS.has(givenMethod) ? givenMethod : "other"
    const key = `${method} ${route} ${status}`
    let series = this.#known.get(key)
    if (!series) {
      series = this.durations.series({ method, route: route ?? "none", status: `${status}` })
      this.#known.set(key, series)
    }
    return series
  }
}
