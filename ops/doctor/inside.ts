import type { SwarmEnvironment } from "../environments/environment.ts"
import type { Facts } from "../examine/facts.ts"
import type { Engine } from "../swarm/engine.ts"
import type { EngineInfo, Node, Service, Task } from "../swarm/engine-types.ts"
import { listReleases } from "../swarm/release-records.ts"
import { runAsServer } from "../swarm/server-task.ts"
import type { ClockReading } from "./clock.ts"
import { type Container, judgeContainers, judgeInternal, type Running, services } from "./containers.ts"
import { type Check, type Finding, problem, unknown } from "./finding.ts"
import { judgeRelease } from "./release.ts"
import { judgeRouting, judgeUpdates } from "./routing.ts"
import { type Space, spaceFromDf } from "./space.ts"
import { judgeSpread } from "./spread.ts"

/** What is only seen by who reaches the engine. */
export const INSIDE: Check[] = [
  "configuration",
  "database",
  "database version",
  "pooler",
  "privileges",
  "migrations",
  "space",
  "hardening",
  "networks",
  "secrets",
  "routing",
  "updates",
  "spread",
  "release",
]

/** Seconds from asking for the task to its end; a letter may take a minute of them. */
const PATIENCE = 120
/** Files that one process may hold open, unless the environment says otherwise (ops/stack.yml). */
const OPEN_FILES = 65_536

/** What a task beside the server finds, or why there is none. */
export async function examineInside(
  engine: Engine,
  stack: string,
  letter: string | undefined,
): Promise<Facts | { missing: string }> {
  const command = ["bun", "examine", ...(letter ? ["--letter", letter] : [])]
  try {
    const { ended, output, reason } = await runAsServer(engine, stack, {
      name: "examine",
      command,
      seconds: PATIENCE,
    })
    const line = output.split("\n").find((text) => text.includes('{"version"'))
    if (ended === "done" && line) return JSON.parse(line.slice(line.indexOf('{"version"'))) as Facts
    return { missing: `the task that looks ended as ${ended}: ${output || reason}` }
  } catch (error) {
    return { missing: (error as Error).message }
  }
}

type Seen = { traefik?: Service; server: Service; database?: Service; tasks: Task[] }

/** How the services, their containers and networks are, held against what ops/stack.yml promises. */
export async function lookAtStack(engine: Engine, environment: SwarmEnvironment): Promise<Finding[]> {
  const { stack } = environment
  const info = await engine.get<EngineInfo & { SecurityOptions: string[] | null }>("/info")
  const seen = await lookUp(engine, stack)
  if (!seen)
    return [problem("release", `The stack ${stack} has no server.`, "Deploy a release: bun run ops deploy.")]
  const { traefik, server, database, tasks } = seen
  const serverTasks = tasks.filter(({ ServiceID }) => ServiceID === server.ID)
  const expected = {
    stack,
    openFiles: environment.nofile ?? OPEN_FILES,
    noNewPrivileges: (info.SecurityOptions ?? []).some((option) => option.includes("no-new-privileges")),
  }
  return [
    ...judgeContainers(await runningOf(engine, stack, tasks, info.Swarm.NodeID), expected),
    ...judgeInternal(await internalNetworks(engine, environment)),
    ...(traefik
      ? judgeRouting(traefik, server)
      : [
          unknown(
            "routing",
            `The stack ${stack} has no Traefik; what stands before the server is not known.`,
          ),
        ]),
    ...judgeUpdates(server, database),
    ...judgeSpread(serverTasks, await engine.list<Node>("/nodes")),
    ...judgeRelease(server, serverTasks, await listReleases(engine, stack)),
  ]
}

async function lookUp(engine: Engine, stack: string): Promise<Seen | undefined> {
  const [traefik, server, database] = await Promise.all(
    ["traefik", "server", "database"].map((name) => engine.find<Service>(`/services/${stack}_${name}`)),
  )
  if (!server) return
  const tasks = await engine.list<Task>("/tasks", { label: [`com.docker.stack.namespace=${stack}`] })
  return { server, ...(traefik && { traefik }), ...(database && { database }), tasks }
}

/** The containers of the stack's services; those of other nodes are only named. */
async function runningOf(engine: Engine, stack: string, tasks: Task[], node: string): Promise<Running[]> {
  const ids = new Map<string, (typeof services)[number]>()
  for (const name of services) {
    const service = await engine.find<Service>(`/services/${stack}_${name}`)
    if (service) ids.set(service.ID, name)
  }
  const live = tasks.filter(({ ServiceID, Status }) => ids.has(ServiceID) && Status.State === "running")
  return Promise.all(
    live.map(async ({ ServiceID, NodeID = "", Status }) => {
      const id = Status.ContainerStatus?.ContainerID
      const container =
        id && NodeID === node ? await engine.find<Container>(`/containers/${id}/json`) : undefined
      return { service: ids.get(ServiceID)!, node: NodeID, container: container ?? null }
    }),
  )
}

type Inspected = { Internal: boolean; IPAM: { Config: { Subnet: string }[] | null } }

async function internalNetworks(engine: Engine, { stack, database }: SwarmEnvironment) {
  const names = [`${stack}_socket`, ...(database === "stack" ? [`${stack}_data`] : [])]
  const found = await Promise.all(names.map((name) => engine.find<Inspected>(`/networks/${name}`)))
  return found.flatMap((network, index) =>
    network ? [{ name: names[index]!, internal: network.Internal }] : [],
  )
}

/** Every network that a caller's address is lost behind, in CIDR notation: the stack's and the engine's own. */
export async function networksOf(engine: Engine): Promise<string[]> {
  const networks = await engine.list<Inspected>("/networks")
  return networks.flatMap(({ IPAM }) => (IPAM.Config ?? []).map(({ Subnet }) => Subnet))
}

/** The Swarm's own word of where Traefik's node is. */
export async function nodeAddresses(engine: Engine, stack: string): Promise<string[]> {
  const tasks = await engine.list<Task>("/tasks", { label: [`com.docker.stack.namespace=${stack}`] })
  const traefik = await engine.find<Service>(`/services/${stack}_traefik`)
  const task = tasks.find(({ ServiceID, Status }) => ServiceID === traefik?.ID && Status.State === "running")
  if (!task?.NodeID) return []
  const node = await engine.find<{ Status: { Addr: string }; ManagerStatus?: { Addr: string } }>(
    `/nodes/${task.NodeID}`,
  )
  const addresses = [node?.Status.Addr, node?.ManagerStatus?.Addr.replace(/:\d+$/, "")]
  return addresses.filter((address): address is string => !!address && address !== "0.0.0.0")
}

export async function engineClock(engine: Engine): Promise<ClockReading> {
  const asked = Date.now()
  const { SystemTime } = await engine.get<EngineInfo>("/info")
  return { whose: "the host", shown: Date.parse(SystemTime), asked, answered: Date.now(), grain: 0 }
}

/** How full the database's volume is, where its container is on this node. */
export async function databaseSpace(
  engine: Engine,
  stack: string,
): Promise<Space | { where: string; missing: string } | null> {
  const where = "the database's volume"
  const service = await engine.find<Service>(`/services/${stack}_database`)
  if (!service) return null
  const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
  const running = tasks.find(({ Status }) => Status.State === "running")
  const id = running?.Status.ContainerStatus?.ContainerID
  if (!id) return { where, missing: "no task of the database runs" }
  const { exitCode, stdout, stderr } = await engine.docker(["exec", id, "df", "-Pk", "/var/lib/postgresql"], {
    seconds: 20,
  })
  if (exitCode !== 0) return { where, missing: `its node's engine alone can (${stderr.slice(0, 200)})` }
  return spaceFromDf(where, stdout)
}
