/** What the add-on is made of, as far as no other program is needed; the rest is `bun run test:safety monitoring`. */
import { expect, test } from "bun:test"
import { join } from "node:path"
import { Metrics } from "../../server/metrics/metrics.ts"
import { composeMonitoring } from "../swarm/monitoring-stack.ts"
import { composeStack } from "../swarm/stack.ts"

const environment = { stack: "docket-test", domains: ["docket.example.org"] }
const secrets = {
  "metrics-token": "one",
  "database-monitor-url": "two",
  "alertmanager-config": "three",
  "grafana-password": "four",
}

type Rules = { groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[] }
const rules = (
  Bun.YAML.parse(await Bun.file(join(import.meta.dir, "rules.yml")).text()) as Rules
).groups.flatMap((group) => group.rules)

test("each alert has a runbook of its own, with what it means and what to do", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../docs/operations/monitoring.md")).text()
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/operations/monitoring.md#${alert.toLowerCase()}`)
    const section = page.split(`### ${alert}\n`)[1]?.split("\n#")[0] ?? ""
    expect({ alert, words: section.split(/\s+/).length > 15 }).toEqual({ alert, words: true })
  }
})

test("each alert has a unit test that sees it fire", async () => {
  const tests = await Bun.file(join(import.meta.dir, "rules.test.yml")).text()
  for (const { alert } of rules) expect(tests).toContain(`exp_samples: [{ labels: '{alertname="${alert}"}'`)
})

test("whatever rules and dashboards ask of the server, the server tells", async () => {
  const metrics = new Metrics({ version: "1", worker: null })
  metrics.stop()
  const sources = await Promise.all(
    ["../../server/metrics/database.ts", "rules.yml"].map((file) =>
      Bun.file(join(import.meta.dir, file)).text(),
    ),
  )
  const known = `${await metrics.registry.metrics()}\n${sources[0]}`
  const boards = [...new Bun.Glob("grafana/dashboards/*.json").scanSync(import.meta.dir)]
  const texts = await Promise.all(boards.map((file) => Bun.file(join(import.meta.dir, file)).text()))
  const asked = new Set([sources[1]!, ...texts].flatMap((text) => text.match(/docket_[a-z_]+/g) ?? []))
  // Told by whoever takes backups and proves them, once there is one.
  const ofBackups = [...asked].filter((name) => /^docket_(backup|drill)_/.test(name))
  for (const name of asked)
    if (!ofBackups.includes(name)) expect(known).toContain(name.replace(/_(bucket|count|sum)$/, ""))
})

test("the add-on is filled in, bounded, and the server's port is asked within", async () => {
  const composed = await composeMonitoring(environment, secrets)
  expect(JSON.stringify(composed)).not.toMatch(/\$\{/)
  const prometheus = await Bun.file(composed.configs.prometheus!.file).text()
  expect(prometheus).toContain("https://docket.example.org/health")
  expect(composed.networks.edge).toEqual({ external: true, name: "docket-test_edge" })
  for (const service of Object.values(composed.services)) {
    expect(service).toMatchObject({ init: true, read_only: true, cap_drop: ["ALL"] })
    expect(service.deploy.resources).toMatchObject({
      limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) },
    })
  }
})

test("a secret that is missing is named", async () => {
  const error = await composeMonitoring(environment, { "grafana-password": "one" }).catch((error) => error)
  expect(error).toMatchObject({ code: 3 })
  expect(error.message).toContain("metrics-token, database-monitor-url, alertmanager-config")
})

test("with a receiver each engine sends what containers write there, and keeps its own copy", async () => {
  const composed = await composeStack(
    {
      ...environment,
      acme_email: "operator@example.org",
      replicas: 2,
      database: "stack",
      logs: { syslog: "udp://127.0.0.1:5514" },
    },
    `docket@sha256:${"a".repeat(64)}`,
    { "database-url": "one", "jwt-secret-key": "two", "postgres-password": "three" },
    { overlayRanges: ["10.0.0.0/8"], cpus: 2 },
  )
  for (const [name, { logging }] of Object.entries(composed.services))
    expect(logging).toMatchObject({
      driver: "syslog",
      options: {
        "syslog-address": "udp://127.0.0.1:5514",
        tag: `docket-test/${name}`,
        "cache-max-size": "10m",
      },
    })
})
