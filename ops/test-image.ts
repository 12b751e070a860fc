/**
 * Builds the image and checks on the Docker engine that `docker` is pointed at what docs/deployment/image.md promises
 * of it. Needs git, tar and grep, and nothing from node_modules. BUN_IMAGE and POSTGRES_IMAGE name other images than
 * the public ones.
 */
import { checkBuild } from "./test-image/building.ts"
import { checkCompose } from "./test-image/composing.ts"
import { checkConfiguring } from "./test-image/configuring.ts"
import { database, network, prefix } from "./test-image/names.ts"
import { checkRunning } from "./test-image/running.ts"
import { databasePassword } from "./test-image/server.ts"
import { checkStopping } from "./test-image/stopping.ts"
import { summary } from "./testing/check.ts"
import { attempt, docker, fetchImage, missingEngine, removeAll } from "./testing/engine.ts"

const postgresImage = process.env.POSTGRES_IMAGE ?? "postgres:18-trixie"

const missing = await missingEngine()
if (missing) {
  console.error(missing)
  process.exit(1)
}
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => void removeAll(prefix).finally(() => process.exit(1)))
try {
  await checkBuild()
  await startDatabase()
  await checkRunning()
  await checkStopping()
  await checkConfiguring()
  await checkCompose(postgresImage)
} finally {
  await removeAll(prefix)
}
process.exit(summary() ? 0 : 1)

async function startDatabase() {
  await fetchImage(postgresImage)
  await docker("network", "create", network)
  const settings = { POSTGRES_USER: "docket", POSTGRES_DB: "docket", POSTGRES_PASSWORD: databasePassword }
  const environment = Object.entries(settings).flatMap(([name, value]) => ["--env", `${name}=${value}`])
  await docker("run", "--detach", "--name", database, "--network", network, ...environment, postgresImage)
  // Over TCP: while it initialises itself it listens on its socket only.
  for (let tries = 0; tries < 240; tries++) {
    if ((await attempt("exec", database, "pg_isready", "--host=127.0.0.1")).exitCode === 0) return
    await Bun.sleep(250)
  }
  throw new Error(`PostgreSQL does not answer: ${(await attempt("logs", database)).output}`)
}
