import { milliseconds, printTable } from "./bench/table.ts"
import { BenchStack, type Loaded } from "./bench-scale/bench-stack.ts"
import { setUp } from "./test-deploy/site.ts"
import { missingEngine } from "./testing/engine.ts"
import { withPlace } from "./testing/place.ts"

// Measures the stack on the Docker engine that `docker` is pointed at: `bun run bench:scale` (about a quarter of an hour);
// `requests` or `streams` is one half of it, `--quick` takes shorter rounds and a tenth of the streams. The load runs in a
// container beside the stack's, so it and they share the machine's processors: requests a second are this machine's,
// processor time a request is the design's. Images are named as for `bun run test:deploy`. Fails where a process may not
// hold as many files as streams need.

const quick = process.argv.includes("--quick")
const halves = process.argv.slice(2).filter((word) => !word.startsWith("--"))
const wanted = (half: "requests" | "streams") => halves.length === 0 || halves.includes(half)
const SECONDS = quick ? 4 : 10
const ROUNDS = quick ? 1 : 3
const STREAMS = quick ? { traefik: 500, server: 1000 } : { traefik: 5000, server: 10_000 }
const REQUESTS = ["live", "list", "create"] as const

const missing = await missingEngine()
if (missing) {
  console.error(missing)
  process.exit(1)
}
process.stderr.write("Preparing the stack…\n")
await withPlace("docket-test-deploy", async (place) => {
  const stack = await BenchStack.raise(await setUp(place), STREAMS.server)
  try {
    if (wanted("requests")) await throughput(stack)
    if (wanted("streams")) await streams(stack)
  } finally {
    await stack.end()
  }
})

async function throughput(stack: BenchStack) {
  const contenders = [
    { name: "1 replica, direct", replicas: 1, way: "server" },
    { name: "1 replica, Traefik", replicas: 1, way: "traefik" },
    { name: "2 replicas, Traefik", replicas: 2, way: "traefik" },
  ] as const
  for (const request of REQUESTS) {
    const rows: string[][] = []
    for (const { name, replicas, way } of contenders) {
      await stack.scale(replicas)
      const rounds: Loaded[] = []
      await stack.load({ way, request, seconds: 2 })
      for (let round = 0; round < ROUNDS; round++)
        rounds.push(await stack.load({ way, request, seconds: SECONDS }))
      const median = (of: (round: Loaded) => number) =>
        rounds.map(of).sort((one, other) => one - other)[ROUNDS >> 1]!
      rows.push([
        name,
        median(({ rate }) => rate).toFixed(0),
        ...(["p50", "p99"] as const).map((which) => milliseconds(median((round) => round[which]))),
        ...(["server", "traefik", "database"] as const).map((part) =>
          milliseconds(median(({ processor, requests }) => processor[part] / requests)),
        ),
      ])
    }
    printTable(
      `${request}: 20 connections; processor milliseconds that one request takes`,
      ["", "req/s", "p50 ms", "p99 ms", "server", "Traefik", "database"],
      rows,
    )
  }
}

async function streams(stack: BenchStack) {
  await stack.scale(1)
  for (const way of ["server", "traefik"] as const) {
    const count = STREAMS[way]
    const { seconds, refused, grown, busy } = await stack.streams(way, count)
    const each = (bytes: number) => (bytes / 1000 / count).toFixed(1)
    const share = (of: number) => `${(100 * of).toFixed(1)} %`
    printTable(
      `${count} idle event streams ${way === "server" ? "at the server itself" : "through Traefik"}: open after ${seconds.toFixed(1)} s, ${refused} times one had to come again`,
      ["", "memory of each, kB", "of a processor"],
      (way === "server" ? (["server"] as const) : (["server", "traefik"] as const)).map((part) => [
        part,
        // The server still gives back what it held for the streams before.
        way === "traefik" && part === "server" ? "" : each(grown[part]),
        share(busy[part]),
      ]),
    )
  }
}
