import type { Logger } from "pino"
import { type Alert, Conditions } from "./conditions.ts"
import type { Look } from "./looks.ts"
import type { Way } from "./ways.ts"

/** Milliseconds between two rounds of looks. */
const EVERY = 15_000
/** Milliseconds before each further try of a way that failed: three tries within a minute and a half. */
const RETRIES = [15_000, 60_000]

export type WatchOptions = {
  looks: Look[]
  ways: Way[]
  log: Logger
  /** While it holds nobody is told of anything: of a restored database that is not released. */
  isQuiet?: () => boolean
  every?: number
  retries?: number[]
}

/**
 * Looks at this process and what it stands on, and tells of each transition by every way: each by itself, tried again by
 * itself, so that what holds one up is nothing to the other. Returns what ends it.
 */
export function startWatch({
  looks,
  ways,
  log,
  isQuiet = () => false,
  every = EVERY,
  retries = RETRIES,
}: WatchOptions): () => void {
  const conditions = new Conditions()
  let ended = false
  let busy = false

  const tell = async (way: Way, alert: Alert) => {
    for (let tries = 0; !ended; tries += 1) {
      try {
        await way.send(alert)
        log.info({ alert: alert.name, status: alert.status, way: way.name }, "alert sent")
        return
      } catch (error) {
        const reason = (error as Error).message
        log.error({ alert: alert.name, status: alert.status, way: way.name, reason }, "alert not sent")
        if (tries === retries.length) return
        await Bun.sleep(retries[tries]!)
      }
    }
  }

  const round = async () => {
    // One that hangs does not pile up.
    if (busy || isQuiet()) return
    busy = true
    await Promise.all(
      looks.map(async ({ name, patience, look }) => {
        const alert = conditions.look(name, await look(), patience, Date.now())
        if (!alert) return
        log[alert.status === "firing" ? "error" : "info"]({ alert: name, since: alert.since }, alert.summary)
        for (const way of ways) void tell(way, alert)
      }),
    )
    busy = false
  }

  const timer = setInterval(round, every)
  timer.unref()
  return () => {
    ended = true
    clearInterval(timer)
    for (const way of ways) way.close()
  }
}
