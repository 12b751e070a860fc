import { AggregatorRegistry } from "prom-client"
import type { Worker } from "../workers.ts"

/** Milliseconds that a worker has to tell its metrics, below the 10 s of a scrape: what hangs is left out, and its series end. */
const PATIENCE = 4_000

type Metrics = object[]
type Message = { metrics: "wanted" | "tell" | "told"; id: string; told?: Metrics; text?: string }

const isMessage = (message: unknown): message is Message =>
  typeof message === "object" && message !== null && "metrics" in message

/**
 * In the supervisor: a port that is shared gives a scrape to any worker, which asks here for those of all. They are put
 * together, not added up: each series has the label `worker`, so that one that starts again begins its own counters at
 * nought and nobody else's, as Prometheus expects of a counter.
 */
export function relayMetrics() {
  const open = new Map<string, (told: Metrics) => void>()
  return (message: unknown, from: Worker, all: Worker[]) => {
    if (!isMessage(message)) return
    if (message.metrics === "told") return open.get(message.id)?.(message.told ?? [])
    const told: Metrics[] = []
    const id = Bun.randomUUIDv7()
    const answer = async () => {
      if (!open.delete(id)) return
      clearTimeout(timer)
      const text = await AggregatorRegistry.aggregate(told).metrics()
      from.send({ metrics: "told", id: message.id, text })
    }
    const timer = setTimeout(answer, PATIENCE)
    open.set(id, (metrics) => {
      told.push(metrics)
      if (told.length === all.length) void answer()
    })
    for (const worker of all) worker.send({ metrics: "tell", id })
  }
}

/** In a worker: tells the supervisor what `collect` finds when it asks, and asks it for what all have. */
export function metricsOfAllWorkers(collect: () => Promise<Metrics>): () => Promise<string> {
  const waiting = new Map<string, (text: string) => void>()
  process.on("message", async (message) => {
    if (!isMessage(message)) return
    const { id } = message
    if (message.metrics === "tell") process.send!({ metrics: "told", id, told: await collect() })
    else waiting.get(id)?.(message.text ?? "")
  })
  return async () => {
    const id = Bun.randomUUIDv7()
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const timer = setTimeout(() => reject(new Error("The supervisor does not answer.")), 2 * PATIENCE)
    waiting.set(id, resolve)
    process.send!({ metrics: "wanted", id })
    return promise.finally(() => {
      clearTimeout(timer)
      waiting.delete(id)
    })
  }
}
