import type { Caller } from "./callers.ts"
import { load, percentile, send } from "./load.ts"
import { type Measured, startServer } from "./processes.ts"
import { printTable } from "./table.ts"

const TOKEN = "only for measuring, and long enough too"
/** Prometheus comes every 15 s; here it comes more often, so that a round has its share of it. */
const SCRAPE_EVERY_MS = 5_000
const ROUNDS = 40
const SECONDS = 0.75

/**
 * Two servers in turns, one of which measures itself and is scraped: what that costs in throughput, and in processor time,
 * which other work on the machine distorts least. Prints a table.
 */
export async function metricsCost(environment: Record<string, string>, callers: Caller[]) {
  const start = (more: Record<string, string>) =>
    startServer("server/main.ts", { environment: { ...environment, ...more }, path: "/health/live" })
  const servers = { without: await start({}), with: await start({ METRICS_TOKEN: TOKEN }) }
  const timer = setInterval(() => void scrape(servers.with), SCRAPE_EVERY_MS)
  try {
    const rows: string[][] = []
    for (const [name, request] of Object.entries(requests(callers)))
      rows.push(await compare(name, request, servers))
    printTable(
      `Metrics, 10 connections, the median of ${ROUNDS} pairs of ${SECONDS} s`,
      ["", "req/s without", "with", "share", "processor ms without", "with", "share"],
      rows,
    )
  } finally {
    clearInterval(timer)
    for (const server of Object.values(servers)) await server.stop()
  }
}

const requests = (callers: Caller[]) => ({
  "Whether the process lives": async (origin: string) => void (await send(`${origin}/health/live`)),
  "List 50 todos": async (origin: string, n: number) =>
    void (await send(`${origin}/api/todos?limit=50`, { headers: callers[n % callers.length]!.headers })),
  "Create a todo": async (origin: string, n: number) =>
    void (await send(`${origin}/api/todos`, {
      method: "POST",
      status: 201,
      headers: callers[n % callers.length]!.headers,
      body: JSON.stringify({ title: `Buy oat milk, rye bread and apples ${n}` }),
    })),
})

const scrape = (server: Measured) =>
  send(`${server.origin}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } })

async function compare(
  name: string,
  request: (origin: string, n: number) => Promise<void>,
  servers: Record<"without" | "with", Measured>,
): Promise<string[]> {
  const found = {
    without: { rates: [] as number[], times: [] as number[] },
    with: { rates: [] as number[], times: [] as number[] },
  }
  for (let round = 0; round <= ROUNDS; round++) {
    // Who goes first changes: what a round leaves behind (a checkpoint) falls on both.
    const order = round % 2 === 0 ? (["without", "with"] as const) : (["with", "without"] as const)
    for (const which of order) {
      const server = servers[which]
      const before = await server.processorTime()
      const { latencies, elapsed } = await load((n) => request(server.origin, n), {
        connections: 10,
        duration: SECONDS * 1000,
      })
      const used = (await server.processorTime()) - before
      if (round === 0) continue
      found[which].rates.push((latencies.length / elapsed) * 1000)
      found[which].times.push(used / latencies.length)
    }
  }
  const median = (values: number[]) => percentile(values, 50)
  const rates = [median(found.without.rates), median(found.with.rates)] as const
  const times = [median(found.without.times), median(found.with.times)] as const
  return [
    name,
    rates[0].toFixed(0),
    rates[1].toFixed(0),
    inPairs(found.with.rates, found.without.rates),
    times[0].toFixed(3),
    times[1].toFixed(3),
    inPairs(found.with.times, found.without.times),
  ]
}

/** The median of each round's own ratio: what else the machine did changes from round to round more than within one. */
function inPairs(some: number[], others: number[]): string {
  const ratios = some.map((value, round) => value / others[round]!)
  return `${(percentile(ratios, 50) * 100).toFixed(1)} %`
}
