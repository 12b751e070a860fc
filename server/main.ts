import { readdirSync } from "node:fs"
import { version } from "../package.json"
import { Passwords } from "./accounts/passwords.ts"
import { createApp } from "./app.ts"
import { ConfigError, configWarnings, readConfig } from "./config.ts"
import { connect } from "./database/connect.ts"
import { migrate } from "./database/migrate.ts"
import type { Dependencies } from "./dependencies.ts"
import { startQueue } from "./jobs/queue.ts"
import { listen, PortBusy } from "./listen.ts"
import { createLog } from "./log.ts"
import { openLetterQueue, queuedLetters } from "./mail/letters.ts"
import { createAccessTokens } from "./sessions/access-token.ts"
import { LiveSessions } from "./sessions/live-sessions.ts"

const inBuild = import.meta.dir.endsWith("/dist/server")
/** The folder of migrations/, from server/ in the sources and from dist/server/ in a build. */
const root = `${import.meta.dir}/${inBuild ? "../.." : ".."}`

try {
  await start()
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof PortBusy)) throw error
  console.error(error.message)
  process.exit(1)
}

async function start() {
  const config = readConfig()
  const log = createLog(config)
  for (const warning of configWarnings(config)) log.warn(warning)
  const direct = connect(config.databaseDirectUrl ?? config.databaseUrl, { max: 1, statementTimeout: 0 })
  const applied = await migrate(direct, `${root}/migrations`)
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
    version,
    shippedMigration: readdirSync(`${root}/migrations`).length,
    folders: {
      page: `${root}/dist/page`,
      reference: inBuild
        ? `${root}/dist/reference`
        : `${root}/node_modules/@scalar/api-reference/dist/browser`,
    },
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
