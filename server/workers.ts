import type { Subprocess } from "bun"
import type { Logger } from "pino"
import { handleSignals, WATCHDOG_SECONDS } from "./graceful-stop.ts"

/** What a worker is told apart by on its command line. */
const WORKER = "worker"
/** A worker that ran this long was well: the next crash starts the backoff anew. */
const WELL_AFTER_MS = 60_000
const FIRST_BACKOFF_MS = 500
const MOST_BACKOFF_MS = 30_000

export const isWorker = () => workerNumber() !== null

/** Which of the supervisor's workers this process is, from 0; null when it is none. A worker that takes its place has its number. */
export function workerNumber(): string | null {
  const at = process.argv.indexOf(WORKER)
  return at === -1 ? null : (process.argv[at + 1] ?? "0")
}

export type Worker = { number: number; send: (message: unknown) => void }

/**
 * Runs `count` processes of this program that share the port, for hosts with a single container; elsewhere replicas
 * are better, since the kernel gives a port's waiting connections to a worker that ends (docs/operations/running.md, "Starting").
 * Passes signals on, starts a crashed one again, and resolves when all have ended after a signal: with 0 if
 * all ended well. `heard` gets what workers say.
 */
export function superviseWorkers(
  count: number,
  log: Logger,
  heard: (message: unknown, from: Worker, all: Worker[]) => void = () => {},
): Promise<number> {
  const workers = new Map<Subprocess, Worker>()
  const { promise, resolve } = Promise.withResolvers<number>()
  let asked: "SIGTERM" | "SIGINT" | null = null
  let code = 0

  const start = (number: number, backoff: number) => {
    if (asked) return
    const startedAt = performance.now()
    const worker = Bun.spawn([process.execPath, ...process.execArgv, Bun.main, WORKER, `${number}`], {
      stdio: ["ignore", "inherit", "inherit"],
      // When this process dies, the workers see it close.
      ipc: (message, from) => heard(message, workers.get(from)!, [...workers.values()]),
      onExit: ({ signalCode }, exitCode) => {
        workers.delete(worker)
        if (asked) {
          // One that had not begun to serve yet ends by the signal itself.
          if (exitCode !== 0 && signalCode !== asked) code = 1
          if (workers.size === 0) resolve(code)
          return
        }
        const wait = performance.now() - startedAt > WELL_AFTER_MS ? FIRST_BACKOFF_MS : backoff
        log.error(
          { worker: worker.pid, exitCode, signalCode, waitMs: wait },
          "a worker ended; starting another",
        )
        setTimeout(start, wait, number, Math.min(2 * wait, MOST_BACKOFF_MS))
      },
    })
    workers.set(worker, { number, send: (message) => worker.send(message) })
  }

  const stop = (signal: "SIGTERM" | "SIGINT") => {
    asked = signal
    for (const worker of workers.keys()) worker.kill(signal)
    if (workers.size === 0) resolve(code)
    setTimeout(
      () => {
        for (const worker of workers.keys()) worker.kill("SIGKILL")
      },
      (WATCHDOG_SECONDS + 2) * 1000,
    ).unref()
  }
  handleSignals(stop)

  for (let index = 0; index < count; index += 1) start(index, FIRST_BACKOFF_MS)
  return promise
}
