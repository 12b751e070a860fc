/**
 * Shares one run of `check` among everyone who asks: a result is good for `freshFor` milliseconds, and while a run
 * is under way nobody starts another. So however often and by however many it is asked, the checked part sees at
 * most one check at a time, even when it hangs.
 *
 * The answer comes within `deadline` milliseconds: what `check` found, or `overdue(reason)` if it failed or was late.
 * A run that is not back after `abandonAfter` (a connection that died without a word) no longer stands in the way.
 */
export function probe<T>(
  check: () => Promise<T>,
  overdue: (reason: string) => T,
  { freshFor = 1_000, deadline = 4_000, abandonAfter = 10_000 } = {},
): () => Promise<T> {
  let latest: { result: T; at: number } | undefined
  let running: { since: number; result: Promise<T> } | undefined

  const run = () => {
    if (running && performance.now() - running.since < abandonAfter) return running.result
    const result = check()
      .catch((error: unknown) => overdue(reasonOf(error)))
      .then((found) => {
        latest = { result: found, at: performance.now() }
        if (running === mine) running = undefined
        return found
      })
    const mine = { since: performance.now(), result }
    running = mine
    return result
  }

  return async () => {
    if (latest && performance.now() - latest.at < freshFor) return latest.result
    const late = Promise.withResolvers<T>()
    const timer = setTimeout(() => late.resolve(overdue(`no answer within ${deadline / 1000} s`)), deadline)
    try {
      return await Promise.race([run(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** A code such as ECONNREFUSED or 57P03: messages of the driver may hold addresses and names. */
function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code
  return typeof code === "string" ? code : "failed"
}
