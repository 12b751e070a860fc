/** Does `work` with a signal that aborts at Ctrl-C or SIGTERM, so that it can end what it has begun. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, abort)
  try {
    return await work(controller.signal)
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.removeListener(name, abort)
  }
}

/** Resolves after `milliseconds`, or as soon as `signal` aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener("abort", done)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener("abort", done)
      resolve()
    }
  })
}
