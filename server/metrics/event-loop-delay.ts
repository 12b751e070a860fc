import { Durations } from "./durations.ts"

/** Milliseconds between two looks. */
const EVERY = 100

/** How late a timer comes that is due every tenth of a second: as late as whatever else waits for the event loop. */
export class EventLoopDelay {
  readonly durations = new Durations(
    "docket_event_loop_delay_seconds",
    "Seconds that the event loop was late, looked at ten times a second.",
  )
  readonly #series = this.durations.series({})
  readonly #timer: Timer
  #due = performance.now() + EVERY

  constructor() {
    this.#timer = setInterval(() => this.#look(), EVERY)
    this.#timer.unref()
  }

  #look() {
    const now = performance.now()
    this.durations.observe(this.#series, Math.max(0, now - this.#due) / 1000)
    this.#due = now + EVERY
  }

  stop() {
    clearInterval(this.#timer)
  }
}
