/**
 * Lets a bounded number of works run at once, with a bounded queue behind them, first come first served: so that a rush
 * on one thing leaves the rest of the process quick.
 */
export class Turns {
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** `refusal` makes what is thrown when `mostWaiting` are waiting already. */
  constructor(
    readonly atOnce: number,
    readonly mostWaiting: number,
    readonly refusal: () => Error,
  ) {}

  /** What `work` returns, or throws, when its turn has come. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.mostWaiting) throw this.refusal()
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      // The place is handed to the next in the queue, so that a newcomer cannot take it in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
