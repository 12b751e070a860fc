import { expect, test } from "bun:test"
import type { ConfigFacts } from "../examine/config.ts"
import type { DatabaseFacts } from "../examine/database.ts"
import type { Node, Service, Task } from "../swarm/engine-types.ts"
import type { ReleaseRecord } from "../swarm/release-records.ts"
import { judgeAlerts } from "./alerts.ts"
import { CLAIMED, judgeCallerAddress } from "./caller-address.ts"
import { judgeClocks } from "./clock.ts"
import { judgeConfiguration } from "./configuration.ts"
import { type Container, judgeContainers, judgeInternal, type ServiceName } from "./containers.ts"
import { judgeDatabase } from "./database.ts"
import { checks, type Finding } from "./finding.ts"
import { judgeMail } from "./mail.ts"
import { judgeRelease } from "./release.ts"
import { findingLines } from "./report.ts"
import { judgeRouting, judgeUpdates } from "./routing.ts"
import { judgeSpace, spaceFromDf } from "./space.ts"
import { judgeSpread } from "./spread.ts"

/** Every finding but `ok`, as `level check: sentence`. */
const told = (findings: Finding[]) =>
  findings
    .filter(({ level }) => level !== "ok")
    .map(({ level, check, finding }) => `${level} ${check}: ${finding}`)
const expectOne = (findings: Finding[], beginning: string, sentence: string) => {
  expect(told(findings)).toHaveLength(1)
  expect(told(findings)[0]).toStartWith(beginning)
  expect(told(findings)[0]).toContain(sentence)
}

const config: ConfigFacts = {
  environment: "production",
  frontendUrl: "https://docket.example.org",
  trustedProxies: ["10.0.0.0/8"],
  registration: "open",
  poolSize: 10,
  pooled: false,
  hasDirectUrl: false,
  mail: { way: "mail.example.org:587", from: "docket@example.org", encrypted: true },
  alerts: { ways: ["mail of its own", "webhook"], deadMan: true },
  warnings: [],
}
const database: Extract<DatabaseFacts, { reached: true }> = {
  reached: true,
  latency: 0.4,
  version: 180_001,
  clockAhead: 3,
  pooler: false,
  notifications: true,
  readOnly: false,
  role: { name: "docket_server_1", superuser: false, more: [], lacking: [] },
  migrations: { applied: 4, shipped: 4, pending: [], mostDemanding: 1 },
  sizeBytes: 1e7,
  connections: { used: 12, most: 97 },
}

test("a good configuration and database", () => {
  expect(told(judgeConfiguration(config, ["docket.example.org"]))).toEqual([])
  expect(told(judgeDatabase(database, config))).toEqual([])
})

test("who hears of trouble: two ways that do not fail together, and a dead-man's URL in production", () => {
  expect(told(judgeAlerts(config, false))).toEqual([])
  expect(
    told(judgeAlerts({ ...config, alerts: { ways: config.alerts.ways, deadMan: false } }, false))[0],
  ).toContain("No dead-man's URL is set")
  expect(
    judgeAlerts({ ...config, alerts: { ways: [], deadMan: false } }, false).map(({ level }) => level),
  ).toEqual(["problem", "problem"])
  const staging = judgeAlerts(
    { ...config, environment: "staging", alerts: { ways: [], deadMan: false } },
    false,
  )
  expect(staging.map(({ level }) => level)).toEqual(["warning", "warning"])
  const shared = judgeAlerts(
    { ...config, alerts: { ways: ["the application's mail"], deadMan: true } },
    false,
  )
  expect(shared.map(({ level }) => level)).toEqual(["warning", "warning"])
  expect(judgeAlerts({ ...config, alerts: { ways: [], deadMan: false } }, true)[0]!.level).toBe("ok")
})

test("FRONTEND_URL of another domain, a kind that is not for the public, and the server's own warnings", () => {
  const judged = (change: Partial<ConfigFacts>) =>
    judgeConfiguration({ ...config, ...change }, ["docket.example.org"])
  expectOne(
    judged({ frontendUrl: "https://old.example.org" }),
    "problem",
    "FRONTEND_URL is https://old.example.org",
  )
  expectOne(judged({ frontendUrl: null }), "problem", "FRONTEND_URL is not set")
  expectOne(judged({ environment: "development" }), "warning", "runs as development")
  expectOne(judged({ warnings: ["SMTP_USE_TLS is false."] }), "warning", "SMTP_USE_TLS is false.")
})

for (const [what, change, beginning, sentence] of [
  ["a replica", { readOnly: true }, "problem database:", "takes no writes"],
  ["a database far away", { latency: 80 }, "warning database:", "80 ms"],
  ["connections that run out", { connections: { used: 90, most: 97 } }, "warning database:", "90 of 97"],
  ["an old PostgreSQL", { version: 160_004 }, "problem database version:", "PostgreSQL 16.4"],
  ["a pooler unknown to the server", { pooler: true }, "problem pooler:", "does not know"],
  ["notifications that do not arrive", { notifications: false }, "warning pooler:", "do not arrive"],
  [
    "a role with DDL",
    { role: { ...database.role, more: ["CREATE on schema public"] } },
    "warning privileges:",
    "CREATE on schema public",
  ],
  [
    "a role that lacks rows",
    { role: { ...database.role, lacking: ["todos"] } },
    "problem privileges:",
    "todos",
  ],
  [
    "migrations that wait",
    { migrations: { applied: 3, shipped: 4, pending: ["0004_x.sql"], mostDemanding: 1 } },
    "problem migrations:",
    "0004_x.sql",
  ],
  [
    "a database too new",
    { migrations: { applied: 9, shipped: 4, pending: [], mostDemanding: 8 } },
    "problem migrations:",
    "want release 8",
  ],
  ["a database never migrated", { migrations: null }, "problem migrations:", "never migrated"],
] as [string, Partial<typeof database>, string, string][])
  test(what, () => expectOne(judgeDatabase({ ...database, ...change }, config), beginning, sentence))

test("a newer database that still serves this release is no fault, and one that is away says why", () => {
  const newer = { applied: 9, shipped: 4, pending: [], mostDemanding: 4 }
  expect(told(judgeDatabase({ ...database, migrations: newer }, config))).toEqual([])
  expectOne(
    judgeDatabase({ reached: false, reason: "connect ECONNREFUSED" }, config),
    "problem database:",
    "ECONNREFUSED",
  )
})

test("where callers are seen", () => {
  const judged = (seen: string) => judgeCallerAddress(seen, ["10.0.1.0/24", "172.18.0.0/16"], ["10.98.0.1"])
  expect(judged("203.0.113.9").level).toBe("ok")
  expect(judged("10.98.0.1").level).toBe("ok")
  expect(judged("10.0.1.7")).toMatchObject({
    level: "problem",
    finding: expect.stringContaining("inside the Swarm"),
  })
  expect(judged(CLAIMED)).toMatchObject({ level: "problem", finding: expect.stringContaining("believes") })
  expect(judged("192.168.1.1").level).toBe("warning")
})

test("clocks: right, one that is off, and our own that is", () => {
  const reading = (whose: string, by: number, grain = 0) => ({
    whose,
    shown: 1e6 + by,
    asked: 1e6,
    answered: 1e6 + 50,
    grain,
  })
  expect(told(judgeClocks([reading("the server", -900, 1000), reading("the host", 20)]))).toEqual([])
  expectOne(
    judgeClocks([reading("the server", 0), reading("the database", 5_000)]),
    "warning clock",
    "5 s ahead of",
  )
  expectOne(
    judgeClocks([reading("the server", 0), reading("the host", -90_000)]),
    "problem clock",
    "90 s behind",
  )
  expectOne(
    judgeClocks([reading("the server", 60_000), reading("the host", 60_000)]),
    "warning clock",
    "of this machine is 60 s behind",
  )
})

test("letters: taken, refused, no way, none tried, those that wait", () => {
  const judged = (outcome?: "taken" | "refused" | "unreachable", reply = "", queue: object | null = null) =>
    judgeMail(config.mail, outcome && { outcome, reply }, queue as never)
  expect(told(judged("taken", "250 queued as 1"))).toEqual([])
  expectOne(judged("refused", "550 No such mailbox"), "problem mail", "550 No such mailbox")
  expectOne(judged("unreachable", "535 wrong"), "problem mail", "535 wrong")
  expectOne(judged(), "unknown mail", "was not tried")
  expectOne(judged("taken", "250", { status: "degraded", waiting: 7 }), "problem mail", "7 letters wait")
  expectOne(judged("taken", "250", { status: "ok", givenUp: 2 }), "warning mail", "2 letters were given up")
  expectOne(judgeMail(null, undefined, null), "warning mail", "No mail is configured")
})

test("space", () => {
  const df =
    "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100000000 96000000 4000000 96% /var\n"
  expectOne(judgeSpace([spaceFromDf("the volume", df)]), "problem space", "4.1 of 102.4 GB")
  expectOne(judgeSpace([{ where: "it", freeBytes: 10, totalBytes: 100 }]), "warning space", "free on it")
  expect(told(judgeSpace([{ where: "it", freeBytes: 50, totalBytes: 100 }]))).toEqual([])
  expectOne(judgeSpace([spaceFromDf("it", "df: no such file")]), "unknown space", "said something else")
})

/** As ops/stack.yml makes the database's. */
const container = (): Container => ({
  Config: { User: "", Env: ["POSTGRES_PASSWORD_FILE=/run/secrets/postgres-password"] },
  HostConfig: {
    ReadonlyRootfs: true,
    Privileged: false,
    Init: true,
    CapDrop: ["ALL"],
    CapAdd: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETUID"],
    SecurityOpt: null,
    Memory: 1e9,
    NanoCpus: 1e9,
    PidsLimit: 500,
    Ulimits: [{ Name: "nofile", Soft: 65_536, Hard: 65_536 }],
    LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
    Mounts: [{ Type: "tmpfs", Target: "/dev/shm", TmpfsOptions: { SizeBytes: 268_435_456 } }],
  },
  Mounts: [],
  NetworkSettings: { Networks: { docket_data: {} } },
})
const EXPECTED = { stack: "docket", openFiles: 65_536, noNewPrivileges: true }

function judged(
  spoil: (found: Container) => void = () => {},
  expected = EXPECTED,
  service: ServiceName = "database",
) {
  const found = container()
  spoil(found)
  return judgeContainers([{ service, node: "n1", container: found }], expected)
}

test("a container as the stack promises it", () => expect(told(judged())).toEqual([]))

for (const [sentence, spoil] of [
  ["can write to its image", ({ HostConfig }) => (HostConfig.ReadonlyRootfs = false)],
  ["is privileged", ({ HostConfig }) => (HostConfig.Privileged = true)],
  ["keeps capabilities", ({ HostConfig }) => (HostConfig.CapDrop = null)],
  ["has the capabilities NET_ADMIN", ({ HostConfig }) => HostConfig.CapAdd!.push("NET_ADMIN")],
  ["has no init", ({ HostConfig }) => (HostConfig.Init = null)],
  ["no limit of memory", ({ HostConfig }) => (HostConfig.Memory = 0)],
  ["no limit of CPUs", ({ HostConfig }) => (HostConfig.NanoCpus = 0)],
  ["no limit of processes", ({ HostConfig }) => (HostConfig.PidsLimit = null)],
  [
    "fills the disk with its log",
    ({ HostConfig }) => (HostConfig.LogConfig = { Type: "json-file", Config: {} }),
  ],
  ["64 MB of /dev/shm", ({ HostConfig }) => (HostConfig.Mounts = [])],
  [
    "holds the engine's socket",
    ({ Mounts }) =>
      Mounts.push({
        Type: "bind",
        Source: "/var/run/docker.sock",
        Destination: "/var/run/docker.sock",
        RW: false,
      }),
  ],
  ["is in other_net", ({ NetworkSettings }) => (NetworkSettings.Networks.other_net = {})],
  ["has DATABASE_URL in its environment", ({ Config }) => Config.Env!.push("DATABASE_URL=postgres://secret")],
] as [string, (found: Container) => unknown][])
  test(`a container that ${sentence}`, () => {
    const findings = judged(spoil)
    expectOne(findings, "problem", sentence)
    expect(JSON.stringify(findings)).not.toContain("postgres://secret")
  })

test("a server that has what only the database may", () => {
  const server = ({ Config, HostConfig, NetworkSettings }: Container) => {
    Config.User = "bun"
    HostConfig.CapAdd = null
    NetworkSettings.Networks = { docket_edge: {}, docket_data: {} }
  }
  const spoilt = (spoil: (found: Container) => void) => (found: Container) => {
    server(found)
    spoil(found)
  }
  const asServer = (spoil: (found: Container) => void) => judged(spoilt(spoil), EXPECTED, "server")
  expect(told(asServer(() => {}))).toEqual([])
  expectOne(
    asServer(({ Config }) => (Config.User = "")),
    "problem hardening",
    "runs as root",
  )
  expectOne(
    asServer(({ HostConfig }) => (HostConfig.CapAdd = ["CAP_SETUID"])),
    "problem hardening",
    "has the capabilities CAP_SETUID",
  )
  expectOne(
    asServer(({ HostConfig }) => (HostConfig.Ulimits = null)),
    "problem hardening",
    "Docker's default of files, not 65536",
  )
})

test("what the engine or the node decides", () => {
  expectOne(
    judged(undefined, { ...EXPECTED, noNewPrivileges: false }),
    "problem hardening",
    "may gain privileges",
  )
  expectOne(
    judgeContainers([{ service: "server", node: "n2", container: null }], EXPECTED),
    "unknown hardening",
    "server on n2",
  )
  expectOne(judgeInternal([{ name: "docket_data", internal: false }]), "warning networks", "has a way out")
})

const FLAGS = [
  "--providers.swarm.refreshSeconds=2",
  "--providers.providersThrottleDuration=1s",
  "--serversTransport.forwardingTimeouts.dialTimeout=1s",
  "--serversTransport.forwardingTimeouts.idleConnTimeout=20s",
  "--serversTransport.forwardingTimeouts.responseHeaderTimeout=20s",
]
const CHECK = "traefik.http.services.docket.loadBalancer.healthCheck"
const LABELS = { [`${CHECK}.path`]: "/health/live", [`${CHECK}.interval`]: "2s", [`${CHECK}.timeout`]: "1s" }

const service = (spec: object, update: object = {}, ports: object[] = []) =>
  ({
    ID: "s",
    Endpoint: { Ports: ports },
    Spec: {
      Labels: LABELS,
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: {
        ContainerSpec: { Env: ["SHUTDOWN_DRAIN_SECONDS=10"], StopGracePeriod: 60e9, ...spec },
      },
      UpdateConfig: { Order: "start-first", FailureAction: "rollback", ...update },
    },
  }) as unknown as Service

const without = (flag: string) => FLAGS.filter((text) => !text.includes(flag))

for (const [sentence, flags, server, ports] of [
  ["Traefik learns of a task that goes within 16 s", without("refreshSeconds"), service({}), []],
  ["keeps idle connections for 90 s", without("idleConnTimeout"), service({}), []],
  ["waits 30 s for a task that is gone", without("dialTimeout"), service({}), []],
  ["waits without end for the answer", without("responseHeaderTimeout"), service({}), []],
  ["runs with api.insecure", [...FLAGS, "--api.insecure=true"], service({}), []],
  ["and the task drains for 0 s", FLAGS, service({ Env: [] }), []],
  ["the routing mesh", FLAGS, service({}), [{ PublishMode: "ingress" }]],
] as [string, string[], Service, object[]][])
  test(`routing: ${sentence}`, () =>
    expectOne(judgeRouting(service({ Args: flags }, {}, ports), server), "problem routing", sentence))

test("routing as it should be, and a health check that is slow or missing", () => {
  const traefik = service({ Args: FLAGS })
  expect(told(judgeRouting(traefik, service({})))).toEqual([])
  const labelled = (labels: object) => {
    const server = service({})
    return { ...server, Spec: { ...server.Spec, Labels: labels as Record<string, string> } }
  }
  expectOne(
    judgeRouting(traefik, labelled({ ...LABELS, [`${CHECK}.interval`]: "30s" })),
    "problem routing",
    "every 30 s",
  )
  const port = { "traefik.http.services.docket.loadbalancer.server.port": "8000" }
  expectOne(judgeRouting(traefik, labelled(port)), "problem routing", "does not check the health")
})

test("updates: two databases on one volume, and a server that stops first", () => {
  const good = service({}, { Order: "stop-first", FailureAction: "pause" })
  expect(told(judgeUpdates(service({}), good))).toEqual([])
  expectOne(
    judgeUpdates(service({}), service({}, { FailureAction: "pause" })),
    "problem updates",
    "both accept writes",
  )
  expectOne(
    judgeUpdates(service({}, { Order: "stop-first" }), good),
    "problem updates",
    "stops before its successor",
  )
  expectOne(judgeUpdates(service({ StopGracePeriod: 10e9 }), good), "problem updates", "is killed before")
})

test("replicas that all run on one of several nodes", () => {
  const on = (...nodes: string[]) =>
    nodes.map((NodeID) => ({ NodeID, Status: { State: "running" } }) as unknown as Task)
  const node = (Availability: string, State: string) =>
    ({ Spec: { Availability }, Status: { State } }) as Node
  const [ready, drained, down] = [node("active", "ready"), node("drain", "ready"), node("active", "down")]
  expectOne(judgeSpread(on("n1", "n1"), [ready, ready]), "warning spread", "run on one of 2 nodes")
  expect(judgeSpread(on("n1", "n2"), [ready, ready]).map(({ level }) => level)).toEqual(["ok"])
  expect(judgeSpread(on("n1"), [ready, ready])).toEqual([])
  expect(judgeSpread(on("n1", "n1"), [ready, drained, down])).toEqual([])
})

const image = (digit: string) => `ghcr.io/owner/docket@sha256:${digit.repeat(64)}`
const task = (name: string) =>
  ({ Status: { State: "running" }, Spec: { ContainerSpec: { Image: name } } }) as unknown as Task
const record = (number: number, name: string, outcome = "succeeded") =>
  ({ number, image: name, outcome, by: "ann@laptop", at: "2026-01-01T00:00:00Z" }) as unknown as ReleaseRecord

test("the release that runs is the one that is recorded", () => {
  const judged = (running: string[], records: ReleaseRecord[]) =>
    judgeRelease(service({}), running.map(task), records)
  expect(told(judged([image("a")], [record(1, image("a"))]))).toEqual([])
  expectOne(
    judged([image("a"), image("b")], [record(1, image("a"))]),
    "problem release",
    "is not what is recorded",
  )
  expectOne(judged([image("a")], []), "warning release", "No release is recorded")
  expectOne(judged([], [record(1, image("a"))]), "problem release", "No task of the server runs")
  expectOne(
    judged([image("a")], [record(1, image("a")), record(2, image("b"), "under way")]),
    "problem release",
    "Release 2",
  )
})

test("the report: each finding with its cure, and one line for what one reason hides", () => {
  expect(
    findingLines("staging", [
      { check: "tls", level: "ok", finding: "Good." },
      { check: "spf", level: "problem", finding: "None.", cure: "See: bun run ops logs ENVIRONMENT server." },
      { check: "space", level: "unknown", finding: "No engine." },
      { check: "release", level: "unknown", finding: "No engine." },
    ]),
  ).toEqual([
    "✓ tls: Good.",
    "✗ spf: None.",
    "    See: bun run ops logs staging server.",
    "? space, release: No engine.",
    "",
    "staging: 1 ok, 1 problem, 2 unknown.",
  ])
})

test("docs/operations/doctor.md explains every check", async () => {
  const text = await Bun.file(`${import.meta.dir}/../../docs/operations/doctor.md`).text()
  for (const check of checks) expect(text).toContain(`\`${check}\``)
})
