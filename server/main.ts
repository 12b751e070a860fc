import type { Logger } from "pino"
import { Passwords } from "./accounts/passwords.ts"
import { createApp } from "./app.ts"
import { type Config, ConfigError, configWarnings, readConfig } from "./config.ts"
import { connect } from "./database/connect.ts"
import { migrate } from "./database/migrate.ts"
import { MigrationFault, readMigrations } from "./database/migrations.ts"
import { DatabaseRefused, untilReachable } from "./database/reachable.ts"
import type { Dependencies } from "./dependencies.ts"
import { stopOnSignals } from "./graceful-stop.ts"
import { startQueue } from "./jobs/queue.ts"
import { listen, PortBusy, refuseBusyPort } from "./listen.ts"
import { createLog } from "./log.ts"
import { openLetterQueue, queuedLetters } from "./mail/letters.ts"
import * as release from "./release.ts"
import { createAccessTokens } from "./sessions/access-token.ts"
import { LiveSessions } from "./sessions/live-sessions.ts"
import { isWorker, superviseWorkers } from "./workers.ts"

/** What is said in one sentence, since the operator can do something about it. */
const FOR_THE_OPERATOR = [ConfigError, DatabaseRefused, MigrationFault, PortBusy]

try {
  await start()
} catch (error) {
  if (!FOR_THE_OPERATOR.some((kind) => error instanceof kind)) throw error
  console.error((error as Error).message)
  process.exit(1)
}

async function start() {
  const config = readConfig()
  const log = await createLog(config)
  if (isWorker()) return serve(config, log)
  for (const warning of configWarnings(config)) log.warn(warning)
  refuseBusyPort(config.port)
  await prepareDatabase(config, log)
  if (config.workers === 1) return serve(config, log)
  process.exit(await superviseWorkers(config.workers, log))
}

/** Migrations and jobs keep a session, which a transaction pooler does not give. */
function directUrl(config: Config): string {
  return config.databaseDirectUrl ?? config.databaseUrl
}

async function prepareDatabase(config: Config, log: Logger) {
  const sql = connect(directUrl(config), { max: 1, statementTimeout: 0 })
  try {
    await untilReachable(sql, log)
    const { applied } = await migrate(sql, release.migrations)
    if (applied.length > 0) log.info({ applied }, "migrated")
  } finally {
    await sql.end({ timeout: 1 })
  }
}

async function serve(config: Config, log: Logger) {
  const sql = connect(config.databaseUrl, {
    max: config.databasePoolSize,
    statementTimeout: config.databaseStatementTimeoutSeconds * 1000,
  })
  const queue = await startQueue({ url: directUrl(config), log })
  await openLetterQueue(queue)
  const dependencies: Dependencies = {
    config,
    version: release.version,
    shippedMigration: (await readMigrations(release.migrations)).length,
    folders: release.folders,
    sql,
    log,
    letters: queuedLetters(queue, config),
    passwords: new Passwords(),
    accessTokens: createAccessTokens(config),
    liveSessions: new LiveSessions(),
  }
  const server = listen(createApp(dependencies), config)
  log.info({ port: server.port }, "listening")
  stopOnSignals({
    server,
    log,
    drainSeconds: config.shutdownDrainSeconds,
    end: [() => queue.stop(), () => sql.end({ timeout: 5 })],
  })
}
