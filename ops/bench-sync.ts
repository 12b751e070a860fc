import { freePort } from "../server/free-port.ts"
import { namedParts } from "./bench/parts.ts"
import { startServer } from "./bench/processes.ts"
import { benchDatabase } from "./bench-sync/database.ts"
import { firstLoad } from "./bench-sync/first-load.ts"
import { pushing } from "./bench-sync/pushing.ts"
import { idleStreams, massReconnect, thousandFollow } from "./bench-sync/streaming.ts"

// Measures how the server syncs, on this machine, in one run: `bun run bench:sync` (about five minutes), `--quick` with a
// fraction of the people and shorter rounds. Parts are named to run them alone: `streams`, `pushes`, `loading`,
// `following`, `reconnecting`. Needs some 11,000 file descriptors a process (`ulimit -n`).

const quick = process.argv.includes("--quick")
const wanted = namedParts("streams", "pushes", "loading", "following", "reconnecting")

process.stderr.write("Preparing the database…\n")
const { cluster, sql, environment, people, busy } = await benchDatabase({
  people: quick ? 2000 : 10_000,
  manyTodos: 20_000,
})
const port = await freePort()
const start = () => startServer("server/main.ts", { environment, path: "/health/live", port })
let docket = await start()
try {
  if (wanted("streams")) {
    const bare = await startServer("ops/bench-sync/bare-streams.ts", { environment: {}, path: "/" })
    await idleStreams({ docket, people, bare }).finally(bare.stop)
  }
  if (wanted("pushes")) {
    const bare = await startServer("ops/bench-sync/bare-pushes.ts", { environment, path: "/" })
    await pushing({ sql, docket: docket.origin, bare: bare.origin, people, quick }).finally(bare.stop)
  }
  if (wanted("loading")) await firstLoad(docket.origin, busy, quick ? 3 : 10)
  if (wanted("following")) await thousandFollow({ sql, docket, people })
  if (wanted("reconnecting")) docket = await massReconnect({ docket, people }, start)
} finally {
  await docket.stop()
  await sql.end()
  await cluster.stop()
}
