import { Passwords } from "./accounts/passwords.ts"
import { createApp } from "./app.ts"
import { ConfigError, configWarnings, readConfig } from "./config.ts"
import { connect } from "./database/connect.ts"
import { migrate } from "./database/migrate.ts"
import { MigrationFault } from "./database/migrations.ts"
import type { Dependencies } from "./dependencies.ts"
import { startQueue } from "./jobs/queue.ts"
import { listen, PortBusy } from "./listen.ts"
import { createLog } from "./log.ts"
import { openLetterQueue, queuedLetters } from "./mail/letters.ts"
import * as release from "./release.ts"
import { createAccessTokens } from "./sessions/access-token.ts"
import { LiveSessions } from "./sessions/live-sessions.ts"

try {
  await start()
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof PortBusy || error instanceof MigrationFault))
    throw error
  console.error(error.message)
  process.exit(1)
}

async function start() {
  const config = readConfig()
  const log = await createLog(config)
  for (const warning of configWarnings(config)) log.warn(warning)
  const direct = connect(config.databaseDirectUrl ?? config.databaseUrl, { max: 1, statementTimeout: 0 })
  const { applied, shipped } = await migrate(direct, release.migrations)
  if (applied.length > 0) log.info({ applied }, "migrated")
  await direct.end()
  const sql = connect(config.databaseUrl, {
    max: config.databasePoolSize,
    statementTimeout: config.databaseStatementTimeoutSeconds * 1000,
  })
  const queue = await startQueue({ url: config.databaseDirectUrl ?? config.databaseUrl, log })
  await openLetterQueue(queue)
  const dependencies: Dependencies = {
    config,
    version: release.version,
    shippedMigration: shipped,
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
  const stop = async () => {
    await server.stop(false)
    await queue.stop()
    await sql.end({ timeout: 5 })
    process.exit(0)
  }
  process.once("SIGTERM", stop)
  process.once("SIGINT", stop)
}
