import { join } from "node:path"
import { connect } from "../../../server/database/connect.ts"
import { startEmbedded } from "../../../server/database/embedded.ts"
import { freePort } from "../../../server/free-port.ts"
import { type ServerProcess, startServer } from "../../../server/testing/server-process.ts"
import { until } from "../../testing/until.ts"
import { newFolder, type Running, start } from "./programs.ts"
import { type Receivers, startReceivers } from "./receivers.ts"
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts"

export const FOLDER = join(import.meta.dir, "../../monitoring")
export const TOKEN = "a-token-for-tests-that-is-long-enough"

export type Site = {
  prometheus: string
  server: { start: () => Promise<void>; kill: () => Promise<void>; url: URL }
  database: { stop: () => Promise<void>; start: () => Promise<void> }
  receivers: Receivers
  disk: SmallDisk
  /** Writes what the node exporter passes on: lines of Prometheus' text format. */
  tellOfBackups: (lines: string[]) => Promise<void>
  /** Ends Prometheus and Alertmanager. */
  killMonitor: () => Promise<void>
  tearDown: () => Promise<void>
}

/** Everything on loopback, with the add-on's own files, in which only addresses and times differ. */
export async function setUp(): Promise<Site> {
  const folder = await newFolder()
  const ending: (() => Promise<unknown>)[] = []
  const tearDown = async () => {
    for (const end of ending.reverse()) await end()
  }
  try {
    const database = await startDatabase(ending)
    const receivers = await startReceivers()
    ending.push(receivers.stop)
    const server = await startDocket(database.url, receivers, ending)
    const disk = await mountSmallDisk(folder)
    ending.push(disk.remove)
    const { prometheus, killMonitor } = await startPrograms(folder, {
      server: server.url,
      database: database.url,
      receivers,
      ending,
    })
    const tellOfBackups = async (lines: string[]) => {
      await Bun.write(join(folder, "metrics/backups.prom"), `${lines.join("\n")}\n`)
    }
    return { prometheus, server, database, receivers, disk, tellOfBackups, killMonitor, tearDown }
  } catch (error) {
    await tearDown()
    throw error
  }
}

/** `stop` lets nobody in any more and ends who is in, as for a database that starts, recovers or is switched off. */
async function startDatabase(ending: (() => Promise<unknown>)[]) {
  const cluster = await startEmbedded("safety-monitoring", { disposable: true })
  ending.push(cluster.stop)
  const admin = connect(cluster.url("postgres"), { max: 1, statementTimeout: 0 })
  ending.push(() => admin.end({ timeout: 1 }))
  await admin`drop database if exists docket with (force)`
  await admin`create database docket`
  return {
    url: cluster.url("docket"),
    stop: async () => {
      await admin`alter database docket with allow_connections false`
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'docket'`
    },
    start: async () => {
      await admin`alter database docket with allow_connections true`
    },
  }
}

async function startDocket(
  databaseUrl: string,
  { post, own }: Receivers,
  ending: (() => Promise<unknown>)[],
) {
  const port = await freePort()
  let server: ServerProcess | undefined
  const kill = async () => {
    server?.kill("SIGKILL")
    await server?.exited
  }
  const begin = async () => {
    server = await startServer({
      DATABASE_URL: databaseUrl,
      METRICS_TOKEN: TOKEN,
      PORT: `${port}`,
      LOG_LEVEL: "warn",
      FRONTEND_URL: "http://localhost:8000",
      ENVIRONMENT: "test",
      ...post.environment,
      ALERT_WEBHOOK_URL: own.url,
    })
    // On a machine that has much else to do it takes most of a minute.
    const live = `http://127.0.0.1:${port}/health/live`
    await until("the server answers", async () => (await fetch(live).catch(() => null))?.ok, 180)
  }
  await begin()
  ending.push(kill)
  return { start: begin, kill, url: new URL(`http://127.0.0.1:${port}`) }
}

type Beside = { server: URL; database: string; receivers: Receivers; ending: (() => Promise<unknown>)[] }

async function startPrograms(folder: string, { server, database, receivers, ending }: Beside) {
  const [node, postgres, blackbox, alertmanager, prometheus] = await Promise.all(
    Array.from({ length: 5 }, () => freePort()),
  )
  const at = (port: number | undefined) => `127.0.0.1:${port}`
  const run = async (
    name: string,
    program: string[],
    path: string,
    port: number | undefined,
    environment = {},
  ) => {
    const running: Running = await start(program, {
      url: `http://${at(port)}${path}`,
      log: join(folder, `${name}.log`),
      environment,
    })
    ending.push(running.end)
    return running
  }
  await Bun.write(join(folder, "metrics/backups.prom"), "")
  const nodes = [
    "prometheus-node-exporter",
    `--web.listen-address=${at(node)}`,
    `--collector.textfile.directory=${folder}/metrics`,
    // The small disk alone: what this machine's disks come to is not for the test to say.
    "--collector.filesystem.fs-types-exclude=^([^e].*|ext[34]|efivarfs|ecryptfs)$",
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys)($|/)",
  ]
  await run("node", nodes, "/metrics", node)
  await run(
    "postgres",
    ["prometheus-postgres-exporter", `--web.listen-address=${at(postgres)}`],
    "/metrics",
    postgres,
    { DATA_SOURCE_NAME: `${database}?sslmode=disable` },
  )
  const probes = [
    "prometheus-blackbox-exporter",
    `--config.file=${FOLDER}/blackbox.yml`,
    `--web.listen-address=${at(blackbox)}`,
  ]
  await run("blackbox", probes, "/metrics", blackbox)
  await Bun.write(join(folder, "alertmanager.yml"), await receivers.configuration())
  const alerts = [
    "prometheus-alertmanager",
    `--config.file=${folder}/alertmanager.yml`,
    `--storage.path=${folder}/alertmanager`,
    `--web.listen-address=${at(alertmanager)}`,
    "--cluster.listen-address=",
  ]
  const telling = await run("alertmanager", alerts, "/-/ready", alertmanager)
  const targets: Record<string, string[]> = {
    docket: [server.host],
    node: [at(node)],
    postgres: [at(postgres)],
    health: [`${server.origin}/health`],
    alertmanager: [at(alertmanager)],
  }
  await writePrometheus(folder, targets, { blackbox: at(blackbox), alertmanager: at(alertmanager) })
  const program = [
    "prometheus",
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/prometheus`,
    `--web.listen-address=${at(prometheus)}`,
  ]
  const looking = await run("prometheus", program, "/-/ready", prometheus)
  const url = `http://${at(prometheus)}`
  await until("Prometheus has scraped every target", () => allUp(url, Object.keys(targets).length))
  const killMonitor = async () => {
    await looking.end()
    await telling.end()
  }
  return { prometheus: url, killMonitor }
}

type Configuration = {
  global: Record<string, string>
  rule_files: string[]
  alerting: unknown
  scrape_configs: {
    job_name: string
    authorization?: { credentials_file: string }
    relabel_configs?: { target_label?: string; replacement?: string }[]
    [member: string]: unknown
  }[]
}

/** The add-on's own configuration and rules, with other addresses, and seconds for minutes. */
async function writePrometheus(
  folder: string,
  targets: Record<string, string[]>,
  { blackbox, alertmanager }: { blackbox: string; alertmanager: string },
) {
  const given = Bun.YAML.parse(await Bun.file(join(FOLDER, "prometheus.yml")).text()) as Configuration
  await Bun.write(join(folder, "token"), TOKEN)
  const rules = await Bun.file(join(FOLDER, "rules.yml")).text()
  await Bun.write(join(folder, "rules.yml"), rules.replace(/^( +for: )\d+m$/gm, "$12s"))
  const scrapes = given.scrape_configs
    .filter(({ job_name }) => targets[job_name])
    .map(({ dns_sd_configs: _, ...scrape }) => ({
      ...scrape,
      ...(scrape.authorization && { authorization: { credentials_file: join(folder, "token") } }),
      ...(scrape.relabel_configs && {
        relabel_configs: scrape.relabel_configs.map((relabel) =>
          relabel.replacement ? { ...relabel, replacement: blackbox } : relabel,
        ),
      }),
      static_configs: [{ targets: targets[scrape.job_name] }],
    }))
  const configuration = {
    ...given,
    global: { scrape_interval: "2s", scrape_timeout: "2s", evaluation_interval: "1s" },
    rule_files: [join(folder, "rules.yml")],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: scrapes,
  }
  await Bun.write(join(folder, "prometheus.yml"), JSON.stringify(configuration))
}

async function allUp(prometheus: string, count: number): Promise<boolean> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent("sum(up)")}`)
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(data.result[0]?.value[1]) === count
}
