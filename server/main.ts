import type { Logger } from "pino"
import { Passwords } from "./accounts/passwords.ts"
import { purgeAccounts } from "./accounts/purge.ts"
import { sendLetter } from "./accounts/send-letter.ts"
import { createApp } from "./app.ts"
import { type Config, ConfigError, configWarnings, readConfig } from "./config.ts"
import { connect, type Pool } from "./database/connect.ts"
import { migrate } from "./database/migrate.ts"
import { MigrationFault } from "./database/migrations.ts"
import type { Dependencies } from "./dependencies.ts"
import { startQueue } from "./jobs/queue.ts"
import { startRecurring } from "./jobs/recurring.ts"
import { listen, PortBusy } from "./listen.ts"
import { createLog } from "./log.ts"
import { type Letters, openLetterQueue, queuedLetters } from "./mail/letters.ts"
import { mailTransport } from "./mail/transports.ts"
import { startLetterWorker } from "./mail/worker.ts"
import * as release from "./release.ts"
import { createAccessTokens } from "./sessions/access-token.ts"
import { LiveSessions } from "./sessions/live-sessions.ts"
import { purgeTrash } from "./spaces/purge-trash.ts"
import { purgeTombstones } from "./spaces/queries.ts"

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
  const jobs = await startJobs(config, sql, log)
  const dependencies: Dependencies = {
    config,
    version: release.version,
    shippedMigration: shipped,
    folders: release.folders,
    sql,
    log,
    letters: jobs.letters,
    passwords: new Passwords(),
    accessTokens: createAccessTokens(config),
    liveSessions: new LiveSessions(),
  }
  const server = listen(createApp(dependencies), config)
  log.info({ port: server.port }, "listening")
  const stop = async () => {
    await server.stop(false)
    await jobs.stop()
    await sql.end({ timeout: 5 })
    process.exit(0)
  }
  process.once("SIGTERM", stop)
  process.once("SIGINT", stop)
}

/** What is done besides answering: letters go out, and what has had its time is deleted. */
async function startJobs(
  config: Config,
  sql: Pool,
  log: Logger,
): Promise<{ letters: Letters; stop: () => Promise<void> }> {
  const queue = await startQueue({ url: config.databaseDirectUrl ?? config.databaseUrl, log })
  await openLetterQueue(queue)
  await startRecurring(queue, log, [
    { name: "purge-accounts", cron: "17 * * * *", run: () => purgeAccounts(sql) },
    { name: "purge-trash", cron: "32 * * * *", run: () => purgeTrash(sql) },
    { name: "purge-tombstones", cron: "47 3 * * *", run: () => purgeTombstones(sql) },
  ])
  const transport = mailTransport(config)
  const worker =
    transport &&
    (await startLetterWorker({
      queue,
      sql,
      log,
      transport,
      send: (letter, id) => sendLetter(letter, id, { sql, config, transport }),
    }))
  return {
    letters: queuedLetters(queue, config, worker?.pause),
    stop: async () => {
      await worker?.stop()
      await queue.stop()
    },
  }
}
