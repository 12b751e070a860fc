/** What was sent, and what failed in which way. Times are milliseconds of `performance.now()`. */
export class LoadReport {
  readonly began = performance.now()
  ended = 0
  sent = 0
  /** What should have been sent and was not, because the machine that sends was too busy. */
  skipped = 0
  /** Writes that were answered as done. */
  written = 0
  slowestMs = 0
  /** The longest that this process itself was kept from its work: what is slow then says nothing of the stack. */
  lateMs = 0
  readonly failures: { kind: string; request: string; sentAt: number; endedAt: number }[] = []
  readonly streams = { opened: 0, ended: 0 }

  fail(kind: string, request: string, sentAt: number) {
    this.failures.push({ kind, request, sentAt, endedAt: performance.now() })
  }

  get failed(): number {
    return this.failures.length
  }

  /** `4 × no answer (closed), 1 × status 502`, the most frequent first. */
  get kinds(): string {
    const counts = new Map<string, number>()
    for (const { kind, request } of this.failures) {
      const name = `${kind} (${request})`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return [...counts]
      .sort(([, one], [, other]) => other - one)
      .map(([kind, count]) => `${count} × ${kind}`)
      .join(", ")
  }

  /** Seconds from `fault` until the last request was sent that failed; 0 when none did. */
  backAfter(fault: number): number {
    return Math.max(0, ...this.failures.map(({ sentAt }) => (sentAt - fault) / 1000))
  }

  get line(): string {
    const seconds = (this.ended - this.began) / 1000
    const streams = `${this.streams.opened} streams opened, ${this.streams.ended} ended in order`
    const skipped = this.skipped > 0 ? ` (${this.skipped} were not sent)` : ""
    return `${this.sent} requests in ${seconds.toFixed(0)} s${skipped}, ${this.failed} failed; ${streams}; slowest ${this.slowestMs.toFixed(0)} ms, the load itself up to ${this.lateMs.toFixed(0)} ms late`
  }
}
