/** Milliseconds between the moments at which an answer may leave: more than the work it hides takes. */
const STEP = 100

/**
 * Does `work` so that how long it takes tells nothing: its result, or its error, comes at the next whole step after
 * it began. What an address is behind (no account, an unverified one, one that gets a letter) differs by a few
 * milliseconds of queries, which all fit in one step.
 */
export async function inEvenTime<T>(work: () => Promise<T>, clock: Clock = REAL): Promise<T> {
  const began = clock.now()
  try {
    return await work()
  } finally {
    const taken = clock.now() - began
    await clock.sleep(Math.ceil(taken / STEP) * STEP - taken)
  }
}

/** In milliseconds. */
type Clock = { now: () => number; sleep: (milliseconds: number) => Promise<void> }
const REAL: Clock = { now: () => performance.now(), sleep: Bun.sleep }
