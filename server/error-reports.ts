import { createHash } from "node:crypto"
import { deliveryFault } from "./delivery-fault.ts"

/** Milliseconds in which the same error is reported once; how often it came meanwhile goes with the next report. */
const QUIET = 5 * 60_000
/** Different errors that are remembered, and reports on their way at once: what is beyond is only in the log. */
const MOST_KNOWN = 500
const MOST_SENDING = 10
/** Reports an hour of the server, and as many of pages, whatever happens. */
const MOST_AN_HOUR = 100

type LoggedError = { type?: string; message?: string; code?: string; stack?: string[]; cause?: LoggedError }
type Line = {
  level: string
  timestamp: string
  message: string
  release: string
  requestId?: string
  accountId?: string
  route?: string
  job?: string
  /** Of an error of the page: the address that was open, the page's own release, the browser. */
  page?: string
  pageRelease?: string
  browser?: string | null
  err?: LoggedError
}

/**
 * Sends the errors that are logged to a service that speaks Sentry's protocol (envelopes:
 * https://develop.sentry.dev/sdk/data-model/envelopes/): what is in the log's line and nothing else, so that what is masked
 * there is masked here too. Each error once in five minutes, a hundred an hour at most; a service that is away or slow costs
 * nothing but the reports.
 */
export class ErrorReports {
  readonly #url: string
  readonly #auth: string
  readonly #environment: string
  readonly #known = new Map<string, { at: number; since: number }>()
  readonly #sending = new Set<Promise<unknown>>()
  #hour = 0
  /** Apart, so that broken pages, of which there may be thousands, take nothing from the server. */
  #sentThisHour = { page: 0, server: 0 }

  /** `dsn` is `https://KEY@HOST/PROJECT`, with a path before the project where the service has one. */
  constructor({ dsn, environment }: { dsn: string; environment: string }) {
    const url = new URL(dsn)
    const path = url.pathname.split("/")
    const project = path.pop()
    this.#url = `${url.origin}${path.join("/")}/api/${project}/envelope/`
    this.#auth = `Sentry sentry_version=7, sentry_client=docket/1, sentry_key=${url.username}`
    this.#environment = environment
  }

  /** A line of the log, of level `error` or `fatal`. Lines without an error of ours (a mail server that is away) are not reported. */
  hear = (text: string, now = Date.now()) => {
    const line = JSON.parse(text) as Line
    if (!line.err || this.#sending.size >= MOST_SENDING) return
    const fingerprint = fingerprintOf(line.err)
    const known = this.#known.get(fingerprint)
    if (known && now - known.at < QUIET) {
      known.since += 1
      return
    }
    if (!this.#mayStill(now, line.page === undefined ? "server" : "page")) return
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(fingerprint, { at: now, since: 0 })
    this.#send(eventOf(line, { fingerprint, environment: this.#environment, missed: known?.since ?? 0 }))
  }

  /** Resolves when what is on its way has arrived, or not. */
  async flush() {
    await Promise.all(this.#sending)
  }

  #mayStill(now: number, side: "page" | "server"): boolean {
    const hour = Math.floor(now / 3_600_000)
    if (hour !== this.#hour) {
      this.#hour = hour
      this.#sentThisHour = { page: 0, server: 0 }
    }
    this.#sentThisHour[side] += 1
    return this.#sentThisHour[side] <= MOST_AN_HOUR
  }

  #send(event: { event_id: string }) {
    const header = { event_id: event.event_id, sent_at: new Date().toISOString() }
    // A line about its fault would be the next error to report; it is in the log that something failed.
    const sending = deliveryFault(this.#url, {
      headers: { "Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": this.#auth },
      body: `${[header, { type: "event" }, event].map((part) => JSON.stringify(part)).join("\n")}\n`,
    })
    this.#sending.add(sending)
    void sending.finally(() => this.#sending.delete(sending))
  }
}

/** The same fault at the same place, whatever it was about. */
const fingerprintOf = ({ type, code, message = "", stack = [] }: LoggedError) =>
  createHash("sha256")
    .update([type, code, stack[0] ?? message].join("\n"))
    .digest("hex")
    .slice(0, 32)

type About = { fingerprint: string; environment: string; missed: number }

function eventOf(line: Line, { fingerprint, environment, missed }: About) {
  const { level, timestamp, message, release, requestId, accountId, route, job, page, pageRelease, browser } =
    line
  const err = line.err!
  return {
    event_id: Bun.randomUUIDv7().replaceAll("-", ""),
    timestamp,
    platform: page === undefined ? "node" : "javascript",
    level,
    logger: page === undefined ? "docket" : "docket.page",
    release: pageRelease ?? release,
    environment,
    transaction: route ?? page,
    fingerprint: [fingerprint],
    message: { formatted: message },
    exception: { values: chain(err) },
    tags: { requestId, route, job, browser, code: err.code },
    user: accountId === undefined ? undefined : { id: accountId },
    extra: { alsoSinceTheLastReport: missed },
  }
}

/** From the cause to what was thrown, and frames from the outermost call to where it failed, as the protocol has them. */
function chain(error: LoggedError): object[] {
  const own = {
    type: error.type ?? "Error",
    value: error.message ?? "",
    stacktrace: { frames: (error.stack ?? []).map(frameOf).toReversed() },
  }
  return error.cause ? [...chain(error.cause), own] : [own]
}

/** `at name (file:line:column)` or `at file:line:column`. */
function frameOf(text: string) {
  const [, name, , file = text, line, column] =
    /^at (?:async )?(?:(.+?) (\())?(.+?)(?::(\d+))?(?::(\d+))?\)?$/.exec(text) ?? []
  return {
    function: name,
    filename: file,
    lineno: line ? Number(line) : undefined,
    colno: column ? Number(column) : undefined,
    in_app: !file.includes("node_modules") && !file.startsWith("node:"),
  }
}
