import type { Service } from "../swarm/engine-types.ts"
import { type Finding, ok, problem } from "./finding.ts"

/** Seconds: Bun's, after which it closes idle connections; the watchdog's, after which a stopping server is ended. */
const SERVER_IDLE = 120
const WATCHDOG = 50
/** Seconds: of the health check by which Traefik notices a process that hangs. */
const HEALTH_CHECK = { interval: 5, timeout: 2 }

const CURE =
  "Deploy again with ops/stack.yml as it is; docs/deployment/production.md says what each timing is for."

type ContainerSpec = {
  Args?: string[] | null
  Command?: string[] | null
  Env?: string[] | null
  StopGracePeriod?: number
}

/** Whether Traefik notices tasks that come, go and hang in time, and trusts nobody's word (timings in seconds). */
export function judgeRouting(traefik: Service, server: Service): Finding[] {
  const flags = flagsOf(traefik)
  const labels = lowerCased(server.Spec.Labels)
  const drain = Number(variableOf(server, "SHUTDOWN_DRAIN_SECONDS") ?? 0)
  const refresh = seconds(flags.get("providers.swarm.refreshseconds") ?? "15")
  const throttle = seconds(flags.get("providers.providersthrottleduration") ?? "2s")
  const idle = seconds(flags.get("serverstransport.forwardingtimeouts.idleconntimeout") ?? "90s")
  const dial = seconds(flags.get("serverstransport.forwardingtimeouts.dialtimeout") ?? "30s")
  const header = seconds(flags.get("serverstransport.forwardingtimeouts.responseheadertimeout") ?? "0s")
  const findings: Finding[] = []
  const hold = (held: boolean, fault: string) => {
    if (!held) findings.push(problem("routing", fault, CURE))
  }
  hold(
    refresh + throttle + 2 <= drain,
    `Traefik learns of a task that goes within ${refresh + throttle} s, and the task drains for ${drain} s: requests fail in every update.`,
  )
  hold(
    idle < SERVER_IDLE && drain + idle < WATCHDOG,
    `Traefik keeps idle connections for ${idle} s, longer than a server that stops: requests fail in updates.`,
  )
  hold(dial > 0 && dial <= 5, `Traefik waits ${dial} s for a task that is gone.`)
  hold(header > 0, "Traefik waits without end for the answer of a process that hangs.")
  for (const name of servicesOf(labels)) {
    const label = (member: string) =>
      labels.get(`traefik.http.services.${name}.loadbalancer.healthcheck.${member}`)
    const [interval, timeout] = [seconds(label("interval") ?? "30s"), seconds(label("timeout") ?? "5s")]
    const checked = label("path") === "/health/live"
    hold(
      checked && interval <= HEALTH_CHECK.interval && timeout <= HEALTH_CHECK.timeout,
      checked
        ? `Traefik looks at ${name} every ${interval} s and waits ${timeout} s: a process that hangs keeps its requests that long.`
        : `Traefik does not check the health of ${name} by /health/live: a process that hangs keeps its requests for over a minute.`,
    )
  }
  for (const flag of [
    "api.insecure",
    "entrypoints.web.forwardedheaders.insecure",
    "entrypoints.websecure.forwardedheaders.insecure",
  ])
    hold(flags.get(flag) !== "true", `Traefik runs with ${flag}.`)
  const ports = traefik.Endpoint?.Ports ?? []
  hold(
    ports.every(({ PublishMode }) => PublishMode === "host"),
    "Traefik's ports go through the routing mesh, which hides who calls.",
  )
  return findings.length > 0
    ? findings
    : [
        ok(
          "routing",
          `Traefik refreshes every ${refresh} s, checks /health/live, and lets idle connections go after ${idle} s.`,
        ),
      ]
}

/** Whether updates replace the server without a gap, and never run two databases on one volume. */
export function judgeUpdates(server: Service, database: Service | undefined): Finding[] {
  const findings: Finding[] = []
  const hold = (held: boolean, fault: string) => {
    if (!held) findings.push(problem("updates", fault, CURE))
  }
  const { UpdateConfig, TaskTemplate } = server.Spec
  hold(
    UpdateConfig?.Order === "start-first",
    "The server stops before its successor starts: requests fail in updates.",
  )
  hold(UpdateConfig?.FailureAction === "rollback", "A release that fails in an update stays.")
  hold(grace(TaskTemplate.ContainerSpec) > WATCHDOG, "The server is killed before it has stopped by itself.")
  if (database) {
    const { UpdateConfig: update, Mode } = database.Spec
    hold(Mode.Replicated?.Replicas === 1, "The database does not have exactly one replica.")
    hold(
      (update?.Order ?? "stop-first") === "stop-first",
      "An update starts a second PostgreSQL on the same volume before the first has stopped: both accept writes.",
    )
    hold(update?.FailureAction === "pause", "A failed update of the database goes on by itself.")
    hold(
      grace(database.Spec.TaskTemplate.ContainerSpec) >= 60,
      "PostgreSQL is killed before it has shut down.",
    )
  }
  return findings.length > 0
    ? findings
    : [ok("updates", `The server is replaced start-first${database ? ", the database stop-first" : ""}.`)]
}

const grace = (spec: object) => ((spec as ContainerSpec).StopGracePeriod ?? 10e9) / 1e9

/** `--Name.of.Flag=value` by its name in lower case, as Traefik takes them. */
function flagsOf({ Spec }: Service): Map<string, string> {
  const { Args, Command } = Spec.TaskTemplate.ContainerSpec as ContainerSpec
  return new Map(
    [...(Command ?? []), ...(Args ?? [])].flatMap((argument) => {
      const [, name, value = "true"] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
      return name === undefined ? [] : [[name.toLowerCase(), value] as const]
    }),
  )
}

const lowerCased = (labels: Record<string, string>) =>
  new Map(Object.entries(labels).map(([name, value]) => [name.toLowerCase(), value]))

const servicesOf = (labels: Map<string, string>) => [
  ...new Set(
    [...labels.keys()].flatMap((name) => /^traefik\.http\.services\.([^.]+)\./.exec(name)?.[1] ?? []),
  ),
]

const variableOf = ({ Spec }: Service, name: string) =>
  (Spec.TaskTemplate.ContainerSpec as ContainerSpec).Env?.find((entry) =>
    entry.startsWith(`${name}=`),
  )?.slice(name.length + 1)

/** `2`, `2s`, `500ms`, `1m` in seconds. */
function seconds(duration: string): number {
  const [, number = "0", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(duration) ?? []
  return Number(number) * { ms: 0.001, s: 1, m: 60, h: 3600 }[unit as "s"]
}
