import { Counter, Gauge, Registry } from "prom-client"
import { OTHER } from "../database/query-names.ts"
import type { TransactionTimes } from "../database/transactions.ts"
import type { QueryWatcher } from "../database/watched-queries.ts"
import type { LetterOutcome } from "../mail/worker.ts"
import { Durations } from "./durations.ts"
import { EventLoopDelay } from "./event-loop-delay.ts"
import { observeProcess } from "./process.ts"
import { RequestDurations } from "./requests.ts"

const MOST_QUERIES = 150

/** What this process counts and measures; docs/operations/monitoring.md lists it. Kept only where METRICS_TOKEN is set. */
export class Metrics implements TransactionTimes, QueryWatcher {
  readonly registry = new Registry()
  readonly requests = new RequestDurations()
  readonly eventLoop = new EventLoopDelay()
  readonly signInsFailed = new Counter({
    name: "docket_sign_ins_failed_total",
    help: "Sign-ins refused for a wrong address or password.",
    registers: [this.registry],
  })
  readonly letters = new Counter({
    name: "docket_letters_total",
    help: "Letters that were tried, by what became of them; one that is tried again counts again.",
    labelNames: ["outcome"],
    registers: [this.registry],
  })
  readonly #connectionWaits = new Durations(
    "docket_connection_wait_seconds",
    "Seconds that a transaction waited until it had a connection of the pool and had begun.",
  )
  readonly #transactions = new Durations(
    "docket_transaction_duration_seconds",
    "Seconds from asking for a transaction to its end, by how it ended.",
  )
  readonly #queries = new Durations(
    "docket_query_duration_seconds",
    "Seconds that statements took, the wait for a connection included, by what they do to which tables.",
  )
  readonly #knownQueries = new Map<string, ReturnType<Durations["series"]>>()
  readonly #waited = this.#connectionWaits.series({})
  readonly #ended = {
    committed: this.#transactions.series({ outcome: "committed" }),
    failed: this.#transactions.series({ outcome: "failed" }),
  }

  /** `worker` tells processes apart that are scraped as one. */
  constructor({ version, worker }: { version: string; worker: string | null }) {
    if (worker !== null) this.registry.setDefaultLabels({ worker })
    for (const durations of [
      this.requests.durations,
      this.#connectionWaits,
      this.#transactions,
      this.#queries,
    ])
      this.registry.registerMetric(durations.asMetric())
    this.registry.registerMetric(this.eventLoop.durations.asMetric())
    observeProcess(this.registry)
    const info = { name: "docket_build_info", help: "Which release runs.", labelNames: ["version"] as const }
    new Gauge({ ...info, registers: [this.registry] }).set({ version }, 1)
  }

  connectionWaited = (seconds: number) => this.#connectionWaits.observe(this.#waited, seconds)

  transactionEnded = (outcome: "committed" | "failed", seconds: number) =>
    this.#transactions.observe(this.#ended[outcome], seconds)

  ended = ({ name, seconds }: { name: string; seconds: number }) =>
    this.#queries.observe(this.#knownQueries.get(name) ?? this.#seriesOfQuery(name), seconds)

  #seriesOfQuery(given: string) {
    // Our statements have some sixty names; this is for what is not ours.
    const name = this.#knownQueries.size < MOST_QUERIES ? given : OTHER
    const series = this.#knownQueries.get(name) ?? this.#queries.series({ query: name })
    this.#knownQueries.set(name, series)
    return series
  }

  /** Spans of requests that were sent to the collector of traces, and that were dropped. */
  countSpans(queue: { sent: number; dropped: number }) {
    new Counter({
      name: "docket_spans_total",
      help: "Spans for the collector of traces, by what became of them.",
      labelNames: ["outcome"],
      registers: [this.registry],
      collect() {
        this.reset()
        for (const outcome of ["sent", "dropped"] as const) this.inc({ outcome }, queue[outcome])
      },
    })
  }

  /** When the public address's certificate ends, while that is known (milliseconds since 1970). */
  tellCertificate({ expiresAt }: { expiresAt: () => number | null }) {
    new Gauge({
      name: "docket_certificate_expiry_timestamp_seconds",
      help: "When the certificate that the public address is served with ends; only while it is known.",
      registers: [this.registry],
      collect() {
        const at = expiresAt()
        if (at === null) this.remove()
        else this.set(at / 1000)
      },
    })
  }

  letterTried = (outcome: LetterOutcome) => this.letters.inc({ outcome })

  stop() {
    this.eventLoop.stop()
  }
}
