import type { Logger } from "pino"
import { Passwords } from "./accounts/passwords.ts"
import { purgeAccounts } from "./accounts/purge.ts"
import { sendLetter } from "./accounts/send-letter.ts"
import { createApp } from "./app.ts"
import { type Config, ConfigError, configWarnings, readConfig } from "./config.ts"
import { connect, type Pool } from "./database/connect.ts"
import { migrate, requireMigrated } from "./database/migrate.ts"
import { MigrationFault, readMigrations } from "./database/migrations.ts"
import { DatabaseRefused, untilReachable } from "./database/reachable.ts"
import { type Changes, overseeTransactions } from "./database/transactions.ts"
import { watchQueries } from "./database/watched-queries.ts"
import type { Dependencies } from "./dependencies.ts"
import { ErrorReports } from "./error-reports.ts"
import { exitOnSignals, stopOnSignals } from "./graceful-stop.ts"
import { startQueue } from "./jobs/queue.ts"
import { whenReleased } from "./jobs/quiet.ts"
import { startRecurring } from "./jobs/recurring.ts"
import { listen, PortBusy, refuseBusyPort } from "./listen.ts"
import { createLog } from "./log.ts"
import { type Letters, openLetterQueue, queuedLetters } from "./mail/letters.ts"
import { mailTransport } from "./mail/transports.ts"
import { type LetterWorker, startLetterWorker } from "./mail/worker.ts"
import { Metrics } from "./metrics/metrics.ts"
import { relayMetrics } from "./metrics/of-workers.ts"
import * as release from "./release.ts"
import { createAccessTokens } from "./sessions/access-token.ts"
import { LiveSessions } from "./sessions/live-sessions.ts"
import { purgeTrash } from "./spaces/purge-trash.ts"
import { purgeTombstones } from "./spaces/queries.ts"
import { startNotifications } from "./sync/notifications.ts"
import { purgeOps } from "./sync/queries.ts"
import { EventStreams } from "./sync/streams.ts"
import { SpanQueue } from "./traces/span-queue.ts"
import { Traces } from "./traces/traces.ts"
import { startDeadMan } from "./watch/dead-man.ts"
import { looksOf } from "./watch/looks.ts"
import { type PublicCertificate, watchCertificate } from "./watch/public-certificate.ts"
import { startWatch } from "./watch/watch.ts"
import { isWatching, waysOf } from "./watch/ways.ts"
import { isWorker, superviseWorkers, workerNumber } from "./workers.ts"

/** What is said in one sentence, since the operator can do something about it. */
const FOR_THE_OPERATOR = [ConfigError, DatabaseRefused, MigrationFault, PortBusy]

/** Seconds to wait for the database before listening without it, where a deploy migrates. */
const AWAY_SECONDS = 3

await start().catch(giveUp)

/** What nobody has caught ends the process as before, but in the log's own form and through its masks. */
function endOnFaults(log: Logger, reports: ErrorReports | null) {
  const end = async (error: unknown) => {
    log.fatal({ err: error }, "ended by an error that nobody caught")
    if (reports) await Promise.race([reports.flush(), Bun.sleep(2_000)])
    process.exit(1)
  }
  process.on("uncaughtException", end)
  process.on("unhandledRejection", end)
}

function giveUp(error: unknown) {
  if (!FOR_THE_OPERATOR.some((kind) => error instanceof kind)) throw error
  console.error((error as Error).message)
  process.exit(1)
}

async function start() {
  exitOnSignals()
  const config = readConfig()
  const reports =
    config.sentryDsn === null
      ? null
      : new ErrorReports({ dsn: config.sentryDsn, environment: config.environment })
  const log = await createLog(config, undefined, reports?.hear)
  endOnFaults(log, reports)
  if (isWorker()) return serve(config, log)
  for (const warning of configWarnings(config)) log.warn(warning)
  refuseBusyPort(config.port)
  if (config.migrateAtStart) await migrateDatabase(config, log)
  if (config.workers === 1) return serve(config, log)
  process.exit(await superviseWorkers(config.workers, log, relayMetrics()))
}

/** Migrations and jobs keep a session, which a transaction pooler does not give. */
function directUrl(config: Config): string {
  return config.databaseDirectUrl ?? config.databaseUrl
}

async function migrateDatabase(config: Config, log: Logger) {
  const sql = connect(directUrl(config), { max: 1, statementTimeout: 0 })
  try {
    await untilReachable(sql, log, config.databaseDirectUrl ? "DATABASE_DIRECT_URL" : "DATABASE_URL")
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
  const metrics =
    config.metricsToken === null && !isWatching(config)
      ? null
      : new Metrics({ version: release.version, worker: workerNumber() })
  const spans = config.otelExporterOtlpEndpoint === null ? null : spansOf(config, sql, log, metrics)
  const jobs = await begun(startJobs(config, sql, log, metrics), config)
  const { streams, notifications } = startEvents(config, sql, log, metrics)
  const dependencies: Dependencies = {
    config,
    version: release.version,
    shippedMigration: (await readMigrations(release.migrations)).length,
    folders: release.folders,
    sql,
    log,
    letters: jobs.letters,
    passwords: new Passwords(),
    accessTokens: createAccessTokens(config),
    liveSessions: new LiveSessions(),
    streams,
    metrics,
    traces: spans?.traces ?? null,
  }
  const server = listen(createApp(dependencies), config)
  const endWatch = watch(dependencies, certificateOf(config, metrics))
  log.info({ port: server.port, pid: process.pid }, "listening")
  stopOnSignals({
    server,
    log,
    drainSeconds: config.shutdownDrainSeconds,
    endStreams: () => streams.end(),
    end: [
      endWatch,
      async () => spans?.queue.stop(),
      jobs.stop,
      notifications.stop,
      () => sql.end({ timeout: 5 }),
    ],
  })
}

function spansOf(config: Config, sql: Pool, log: Logger, metrics: Metrics | null) {
  const { environment, otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: headers } = config
  const settings = { endpoint: endpoint!, headers: headers ?? {}, environment, version: release.version }
  const queue = new SpanQueue(settings, log)
  const traces = new Traces(queue)
  watchQueries(sql, traces)
  metrics?.countSpans(queue)
  return { queue, traces }
}

/** Of several workers one is enough for what all would see alike. */
function isFirst(): boolean {
  return (workerNumber() ?? "0") === "0"
}

function certificateOf({ frontendUrl }: Config, metrics: Metrics | null): PublicCertificate | null {
  if (!metrics || !frontendUrl?.startsWith("https:") || !isFirst()) return null
  const certificate = watchCertificate(frontendUrl)
  metrics.tellCertificate(certificate)
  return certificate
}

/** Tells operators what breaks. One worker of a container is enough: they see the same. */
function watch(dependencies: Dependencies, certificate: PublicCertificate | null): () => Promise<void> {
  const { config, log } = dependencies
  if (!isWatching(config) || !isFirst()) return async () => certificate?.stop()
  const isQuiet = () => dependencies.letters.pause()?.held ?? false
  const ends = [startWatch({ looks: looksOf(dependencies, certificate), ways: waysOf(config), log, isQuiet })]
  if (config.deadManUrl !== null) ends.push(startDeadMan(config.deadManUrl, log, { isQuiet }))
  return async () => {
    certificate?.stop()
    for (const end of ends) end()
  }
}

/** Open pages hear what this process and the others change. */
function startEvents(config: Config, sql: Pool, log: Logger, metrics: Metrics | null) {
  const streams = new EventStreams({ sql, log })
  const notifications = startNotifications({
    url: directUrl(config),
    sql,
    log,
    heard: (changes) => streams.hear(changes),
    turned: (isListening) => {
      streams.isPolling = !isListening
      void streams.lookAtAll()
    },
  })
  const committed = (changes: Changes) => {
    streams.hear(changes)
    notifications.tell(changes)
  }
  overseeTransactions(sql, committed, metrics ?? undefined)
  if (config.metricsToken !== null && metrics) watchQueries(sql, metrics)
  return { streams, notifications }
}

type Jobs = { letters: Letters; stop: () => Promise<void> }

/**
 * Waits for the jobs to start. Where a deploy migrates, not for longer than a few seconds: an older release has to
 * come up while the database is away, or nothing could be rolled back then. Requests are answered 503 meanwhile, and
 * the process ends when the database turns out to be one that it cannot serve.
 */
async function begun(starting: Promise<Jobs>, config: Config): Promise<Jobs> {
  if (config.migrateAtStart) return starting
  let started: Jobs | undefined
  const known = starting.then((jobs) => {
    started = jobs
  }, giveUp)
  await Promise.race([known, Bun.sleep(AWAY_SECONDS * 1000)])
  return {
    letters: {
      enqueue: async (sql, letter) => (await starting).letters.enqueue(sql, letter),
      pause: () => started?.letters.pause() ?? null,
    },
    stop: async () => started?.stop(),
  }
}

/** What is done besides answering: letters go out, and what has had its time is deleted. */
async function startJobs(config: Config, sql: Pool, log: Logger, metrics: Metrics | null): Promise<Jobs> {
  if (!config.migrateAtStart) {
    await untilReachable(sql, log, "DATABASE_URL", Number.POSITIVE_INFINITY)
    await requireMigrated(sql, release.migrations)
  } else if (config.databaseDirectUrl) await untilReachable(sql, log, "DATABASE_URL")
  const queue = await startQueue({ url: directUrl(config), log })
  await openLetterQueue(queue)
  const transport = mailTransport(config)
  let worker: LetterWorker | undefined
  const quiet = await whenReleased(sql, log, async () => {
    await startRecurring(queue, log, [
      { name: "purge-accounts", cron: "17 * * * *", run: () => purgeAccounts(sql) },
      { name: "purge-trash", cron: "32 * * * *", run: () => purgeTrash(sql) },
      { name: "purge-tombstones", cron: "47 3 * * *", run: () => purgeTombstones(sql) },
      { name: "purge-ops", cron: "53 3 * * *", run: () => purgeOps(sql) },
    ])
    if (transport)
      worker = await startLetterWorker({
        queue,
        sql,
        log,
        transport,
        tried: metrics?.letterTried,
        send: (letter, id) => sendLetter(letter, id, { sql, config, transport }),
      })
  })
  return {
    letters: queuedLetters(queue, config, () => quiet.pause() ?? worker?.pause() ?? null),
    stop: async () => {
      quiet.stop()
      await worker?.stop()
      await queue.stop()
    },
  }
}
