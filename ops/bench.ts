import { readConfig } from "../server/config.ts"
import { createAccessTokens } from "../server/sessions/access-token.ts"
import { signedInCallers } from "./bench/callers.ts"
import { type Size, seededDatabase } from "./bench/database.ts"
import { growth } from "./bench/growth.ts"
import { metricsCost } from "./bench/metrics-cost.ts"
import { startServer } from "./bench/processes.ts"
import { hundredNewPeople, whileHundredSignIn } from "./bench/rushes.ts"
import { throughput } from "./bench/throughput.ts"

// Measures the server against its own limits on this machine, in one run: `bun run bench` (about four minutes, the
// first time a few more to make its data), `bun run bench --quick` (a fraction of the data, shorter rounds),
// `bun run bench --metrics` (only what METRICS_TOKEN costs, on that fraction).

const onlyMetrics = process.argv.includes("--metrics")
const quick = onlyMetrics || process.argv.includes("--quick")
const size: Size = quick ? { people: 200, manyTodos: 100_000 } : { people: 1000, manyTodos: 1_000_000 }
const timing = { rounds: quick ? 3 : 5, connections: 10, duration: quick ? 1000 : 2000 }

process.stderr.write("Preparing the database…\n")
const database = await seededDatabase(size)
const { sql } = database
const environment = {
  DATABASE_URL: database.url,
  JWT_SECRET_KEY: "only for measuring, and long enough for that",
  FRONTEND_URL: "http://localhost:8000",
  // Every caller has its own address, as through a proxy: no switch turns limits off.
  TRUSTED_PROXIES: "127.0.0.1",
  LOG_LEVEL: "warn",
}
if (onlyMetrics) {
  const callers = await signedInCallers(sql, createAccessTokens(readConfig(environment)))
  await metricsCost(environment, callers).finally(async () => {
    await sql.end()
    await database.cluster.stop()
  })
  process.exit()
}
const docket = await startServer("server/main.ts", { environment, path: "/health/live" })
const bare = await startServer("ops/bench/bare-server.ts", { environment, path: "/" })

try {
  console.log(`Memory of the server at the start: ${(await docket.residentMemory()).toFixed(0)} MB resident.`)
  const callers = await signedInCallers(sql, createAccessTokens(readConfig(environment)))
  await throughput({ sql, callers, docket: docket.origin, bare: bare.origin, timing })
  await growth(sql, size.manyTodos, quick ? 150 : 400)
  await hundredNewPeople(docket)
  await whileHundredSignIn(docket, callers[0]!.headers)
  console.log(
    `\nMemory of the server after all of it: ${(await docket.residentMemory()).toFixed(0)} MB resident.`,
  )
} finally {
  await docket.stop()
  await bare.stop()
  await sql.end()
  await database.cluster.stop()
}
