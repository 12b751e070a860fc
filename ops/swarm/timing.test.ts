/**
 * The timings of the stack as inequalities. Each alone looks like a matter of taste; together they are why an update
 * loses no request (docs/operations/health.md, "Timings").
 */
import { expect, test } from "bun:test"
import { join } from "node:path"
import { WATCHDOG_SECONDS } from "../../server/graceful-stop.ts"
import { IDLE_SECONDS } from "../../server/listen.ts"
import { variables } from "../../server/variables.ts"
import type { ComposeService } from "./compose.ts"
import { composeStack } from "./stack.ts"

/** Seconds that Swarm waits between taking a task out of its own lists and SIGTERM (moby, `controller.Shutdown`). */
const SWARM_WAITS = 2

const { services } = await composeStack(
  {
    stack: "docket",
    domains: ["docket.example"],
    acme_email: "a@docket.example",
    replicas: 2,
    database: "stack",
  },
  `docket@sha256:${"a".repeat(64)}`,
  { "database-url": "one", "jwt-secret-key": "two", "postgres-password": "three" },
  { overlayRanges: ["10.0.0.0/8"], cpus: 2 },
)
const { traefik, server, database } = services as Record<"traefik" | "server" | "database", ComposeService>
const dynamic = Bun.YAML.parse(await Bun.file(join(import.meta.dir, "../traefik/dynamic.yml")).text()) as {
  http: { serversTransports: { streams: { forwardingTimeouts: Record<string, string> } } }
}
const streams = dynamic.http.serversTransports.streams.forwardingTimeouts

/** `1m30s`, `20s`, `500ms` or a number of seconds, in seconds. */
function seconds(text: unknown): number {
  const parts = [...String(text).matchAll(/(\d+)(ms|s|m|$)/g)]
  const units = { ms: 0.001, s: 1, m: 60, "": 1 }
  if (parts.length === 0) throw new Error(`${text} is no time`)
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit as keyof typeof units], 0)
}
const flag = (name: string) =>
  seconds(traefik.command!.find((flag) => flag.startsWith(`--${name}=`))?.split("=")[1])
const label = (name: string) => seconds(server.deploy.labels![`traefik.http.services.${name}`])
const member = (part: unknown, name: string) => (part as Record<string, unknown>)[name]

const drain = seconds(server.environment!.SHUTDOWN_DRAIN_SECONDS)
const idle = flag("serversTransport.forwardingTimeouts.idleConnTimeout")
const answer = flag("serversTransport.forwardingTimeouts.responseHeaderTimeout")
const grace = seconds(server.stop_grace_period)

test("Traefik has stopped sending requests to a task before the task stops taking them", () => {
  const late =
    flag("providers.swarm.refreshSeconds") + flag("providers.providersThrottleDuration") - SWARM_WAITS
  expect(late).toBeLessThan(drain)
})

test("a task that stops has time for its drain and for Traefik's idle connections, and is never killed before", () => {
  expect(drain + idle).toBeLessThan(WATCHDOG_SECONDS)
  expect(WATCHDOG_SECONDS).toBeLessThan(grace)
})

test("Traefik gives an idle connection up before the server does, streams' too", () => {
  expect(idle).toBeLessThan(IDLE_SECONDS)
  expect(seconds(streams.idleConnTimeout)).toBe(idle)
})

test("the address of a task that is gone holds a request up for a moment", () => {
  expect(flag("serversTransport.forwardingTimeouts.dialTimeout")).toBeLessThanOrEqual(2)
  expect(seconds(streams.dialTimeout)).toBe(flag("serversTransport.forwardingTimeouts.dialTimeout"))
})

test("a process that hangs is found out, and what was sent to it given up, within 30 s", () => {
  for (const name of ["docket", "streams"]) {
    const found =
      label(`${name}.loadBalancer.healthCheck.interval`) + label(`${name}.loadBalancer.healthCheck.timeout`)
    expect(found + answer).toBeLessThan(30)
  }
})

test("the server says itself that a statement took too long, before Traefik does", () => {
  const { default: statement } = variables.Database.DATABASE_STATEMENT_TIMEOUT_SECONDS.unset
  expect(statement).toBeLessThan(answer)
})

test("the answer of a stream may be long in coming", () => {
  expect(seconds(streams.responseHeaderTimeout)).toBe(0)
  expect(server.deploy.labels!["traefik.http.services.streams.loadBalancer.serversTransport"]).toBe(
    "streams@file",
  )
  expect(server.deploy.labels!["traefik.http.routers.streams.rule"]).toContain("Path(`/api/events`)")
})

test("a new task of the server is watched for as long as one takes to be found unhealthy", () => {
  const { interval, timeout, retries } = server.healthcheck as Record<string, unknown>
  const found = Number(retries) * (seconds(interval) + seconds(timeout))
  expect(found).toBeLessThan(seconds(member(server.deploy.update_config, "monitor")))
  expect(server.deploy.update_config).toMatchObject({
    order: "start-first",
    parallelism: 1,
    failure_action: "rollback",
  })
  expect(server.deploy.rollback_config).toMatchObject({ order: "start-first", parallelism: 1 })
})

test("of the database there is one, which has time to end before the next begins", () => {
  expect(database.deploy.replicas).toBe(1)
  for (const config of ["update_config", "rollback_config"])
    expect(database.deploy[config]).toMatchObject({
      order: "stop-first",
      parallelism: 1,
      failure_action: "pause",
    })
  expect(seconds(database.stop_grace_period)).toBeGreaterThanOrEqual(120)
})
