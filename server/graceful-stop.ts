import type { Server } from "bun"
import type { Logger } from "pino"

/** Seconds from the signal to the end, whatever hangs: below the 60 s that an orchestrator waits before it kills. */
export const WATCHDOG_SECONDS = 50
/** Seconds that an idle connection may keep a server open in which nothing is asked any more. */
const IDLE_SECONDS = 1

type Stopping = {
  server: Server<unknown>
  log: Logger
  /** How long to go on serving after SIGTERM, while load balancers look away. Never after SIGINT. */
  drainSeconds: number
  /** Ends the answers that would never end by themselves. */
  endStreams: () => void
  /** What to end once no request is in flight, in order. */
  end: (() => Promise<unknown>)[]
  /** Ends the process; after the log is written. */
  exit?: (code: number) => void
}

const exitAtOnce = () => process.exit(0)

/** Until `stopOnSignals`: as process 1 of a container a signal without a handler would be ignored. */
export function exitOnSignals() {
  process.on("SIGTERM", exitAtOnce)
  process.on("SIGINT", exitAtOnce)
}

/** Instead of `exitOnSignals`. */
export function handleSignals(handle: (signal: "SIGTERM" | "SIGINT") => void) {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.off(signal, exitAtOnce)
    process.on(signal, () => handle(signal))
  }
}

/**
 * Ends the process on SIGTERM, SIGINT, or when the parent that it was started by as a worker is gone: serves on for
 * the drain, answers what is in flight, then ends the rest. No request fails that a load balancer sends before it
 * knows (docs/operations/running.md, "Stopping").
 */
export function stopOnSignals({ server, log, drainSeconds, endStreams, end, exit = process.exit }: Stopping) {
  let stopping = false
  let cutDrain = () => {}

  const stop = async (reason: string, drain: number) => {
    if (stopping) return cutDrain()
    stopping = true
    log.info({ reason, drainSeconds: drain }, "stopping")
    setTimeout(() => {
      log.error(`stopped by the watchdog: not done after ${WATCHDOG_SECONDS} s`)
      exit(1)
    }, WATCHDOG_SECONDS * 1000).unref()
    if (drain > 0) {
      await new Promise<void>((resolve) => {
        cutDrain = resolve
        setTimeout(resolve, drain * 1000)
      })
    }
    cutDrain = () => {}
    endStreams()
    await stopServer(server)
    for (const step of end) await step().catch((err) => log.error({ err }, "could not end in order"))
    log.info("stopped")
    exit(0)
  }

  handleSignals((signal) => stop(signal, signal === "SIGTERM" ? drainSeconds : 0))
  process.on("disconnect", () => stop("the parent process is gone", 0))
}

/** Bun waits for idle connections too, as long as they stay; they only need a moment to see that it is over. */
async function stopServer(server: Server<unknown>) {
  const stopped = server.stop(false)
  while (server.pendingRequests > 0) await Promise.race([stopped, Bun.sleep(50)])
  await Promise.race([stopped, Bun.sleep(IDLE_SECONDS * 1000)])
  await server.stop(true)
}
