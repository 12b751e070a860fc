/** What a command does, as it does it: plain lines on stderr, so that stdout holds the result alone. */

export type Step = { step: string; seconds: number }

const began = performance.now()

/** One line of progress, after the seconds since the command was started. */
export function say(line: string) {
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.error(`${seconds.padStart(6)} s  ${line}`)
}

/** Steps with what each took, for the end of a command that has to be quick. */
export class Steps {
  readonly done: Step[] = []

  /** Says `line`, does `work`, and keeps how long it took under the name `step`, also when it fails. */
  async take<T>(step: string, line: string, work: () => Promise<T>): Promise<T> {
    say(line)
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.done.push({ step, seconds: Math.round((performance.now() - start) / 100) / 10 })
    }
  }
}
