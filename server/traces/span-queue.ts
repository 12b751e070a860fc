import type { Logger } from "pino"
import { deliveryFault } from "../delivery-fault.ts"
import { exportRequest, type Span } from "./otlp.ts"

/** Spans that wait at most; those of one request to the collector; milliseconds between two. */
const MOST_WAITING = 4_096
const MOST_AT_ONCE = 512
const EVERY = 5_000

type Settings = { endpoint: string; headers: Record<string, string>; version: string; environment: string }

/**
 * Sends spans to an OpenTelemetry collector, by OTLP over HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/). Nothing waits for it:
 * what does not fit the queue, and what the collector does not take, is dropped and counted.
 */
export class SpanQueue {
  /** Spans that were sent, and that were dropped. */
  sent = 0
  dropped = 0
  #waiting: Span[] = []
  #sending: Promise<void> | null = null
  #failing = false
  readonly #url: string
  readonly #timer: Timer

  constructor(
    private readonly settings: Settings,
    private readonly log: Logger,
    every = EVERY,
  ) {
    this.#url = `${settings.endpoint.replace(/\/$/, "")}/v1/traces`
    this.#timer = setInterval(() => void this.#send(), every)
    this.#timer.unref()
  }

  add(span: Span) {
    if (this.#waiting.length >= MOST_WAITING) {
      this.dropped += 1
      return
    }
    this.#waiting.push(span)
    if (this.#waiting.length >= MOST_AT_ONCE) void this.#send()
  }

  /** Sends what waits, within `patience` milliseconds, and takes nothing more. */
  async stop(patience = 3_000) {
    clearInterval(this.#timer)
    const all = async () => {
      while (this.#waiting.length > 0 || this.#sending) await this.#send()
    }
    await Promise.race([all(), Bun.sleep(patience)])
    this.dropped += this.#waiting.splice(0).length
    if (this.dropped > 0) this.log.warn({ sent: this.sent, dropped: this.dropped }, "spans were dropped")
  }

  /** One request at a time: a collector that is slow fills the queue, and nothing else. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendSome().finally(() => {
      this.#sending = null
    })
    return this.#sending
  }

  async #sendSome() {
    const spans = this.#waiting.splice(0, MOST_AT_ONCE)
    if (spans.length === 0) return
    const fault = await deliveryFault(this.#url, {
      headers: { "Content-Type": "application/json", ...this.settings.headers },
      body: JSON.stringify(exportRequest(spans, this.settings)),
    })
    if (fault === null) this.sent += spans.length
    else this.dropped += spans.length
    // Told when it begins and when it ends, and the headers, which may be secret, never.
    if (fault !== null && !this.#failing) this.log.warn({ fault }, "the collector of traces takes no spans")
    if (fault === null && this.#failing) this.log.info("the collector of traces takes spans again")
    this.#failing = fault !== null
  }
}
