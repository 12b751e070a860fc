import { allVariables } from "../../server/variables.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/** What of a container's inspection is read back. */
export type Container = {
  Config: { User: string; Env: string[] | null }
  HostConfig: {
    ReadonlyRootfs: boolean
    Privileged: boolean
    Init: boolean | null
    CapDrop: string[] | null
    CapAdd: string[] | null
    SecurityOpt: string[] | null
    Memory: number
    NanoCpus: number
    PidsLimit: number | null
    Ulimits: { Name: string; Soft: number; Hard: number }[] | null
    LogConfig: { Type: string; Config: Record<string, string> | null }
    Mounts?: { Type: string; Target: string; TmpfsOptions?: { SizeBytes?: number } }[] | null
  }
  Mounts: { Type: string; Source: string; Destination: string; RW: boolean }[]
  NetworkSettings: { Networks: Record<string, unknown> }
}

/** A container that runs, or why it could not be looked at. */
export type Running = { service: ServiceName; node: string; container: Container | null }

export const services = ["traefik", "socket-proxy", "server", "database"] as const
export type ServiceName = (typeof services)[number]

/** What ops/stack.yml promises of each service. */
const PROMISED: Record<
  ServiceName,
  { root: boolean; capabilities: string[]; networks: string[]; files: boolean; sharedMemory: boolean }
> = {
  // Root without a capability: for ports below 1024, and for the engine's socket.
  traefik: {
    root: true,
    capabilities: [],
    networks: ["edge", "socket"],
    files: true,
    sharedMemory: false,
  },
  "socket-proxy": { root: true, capabilities: [], networks: ["socket"], files: false, sharedMemory: false },
  server: { root: false, capabilities: [], networks: ["edge", "data"], files: true, sharedMemory: false },
  // Its entrypoint is root until it has made the volume the user postgres's, whom it becomes; its init passes signals on.
  database: {
    root: true,
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
    networks: ["data"],
    files: false,
    sharedMemory: true,
  },
}

/** Bytes of /dev/shm; Docker's own 64 MB are too few for PostgreSQL's parallel queries. */
const SHARED_MEMORY = 128 * 1024 * 1024
const DOCKER_SOCKET = "/var/run/docker.sock"

const CURE =
  "Deploy again with ops/stack.yml as it is; what a stack drops belongs into the host's daemon.json (bun run ops setup-host)."

export type Expected = {
  stack: string
  /** Open files that one process of Traefik and of the server may hold. */
  openFiles: number
  /** Whether the engine keeps every container from gaining privileges, by its daemon.json. */
  noNewPrivileges: boolean
}

/** Holds what runs against what the stack promises. */
export function judgeContainers(running: Running[], expected: Expected): Finding[] {
  const elsewhere = running.filter(({ container }) => !container)
  const here = running.flatMap(({ service, container }) => (container ? [{ service, container }] : []))
  const faults = here.flatMap(({ service, container }) => [
    ...hardeningFaults(service, container, expected).map((fault) =>
      problem("hardening", `${service} ${fault}.`, CURE),
    ),
    ...networkFaults(service, container, expected).map((fault) =>
      problem("networks", `${service} ${fault}.`, CURE),
    ),
    ...secretFaults(container).map((name) =>
      problem(
        "secrets",
        `${service} has ${name} in its environment, where everyone who may inspect it reads it.`,
        "Give it as a Swarm secret: bun run ops secrets ENVIRONMENT; then change it, since it is known.",
      ),
    ),
  ])
  const findings = [...new Map(faults.map((fault) => [fault.finding, fault])).values()]
  for (const check of ["hardening", "networks", "secrets"] as const)
    if (here.length > 0 && !findings.some((finding) => finding.check === check))
      findings.push(ok(check, HELD[check](here.length)))
  if (elsewhere.length > 0)
    findings.push(
      unknown(
        "hardening",
        `${elsewhere.map(({ service, node }) => `${service} on ${node}`).join(", ")} could not be looked at: only the node's own engine shows its containers.`,
        "Run this with DOCKER_HOST leading to that node.",
      ),
    )
  return findings
}

const HELD = {
  hardening: (count: number) =>
    `${count} containers: read-only, without capabilities, with an init, limits, bounded logs and no way to more privileges.`,
  networks: (count: number) => `${count} containers are in the networks of the stack, and in no other.`,
  secrets: (count: number) => `No secret is in the environment of ${count} containers.`,
}

function hardeningFaults(
  service: ServiceName,
  { Config, HostConfig, Mounts }: Container,
  expected: Expected,
): string[] {
  const { root, capabilities, files, sharedMemory } = PROMISED[service]
  const faults: string[] = []
  const hold = (held: boolean, fault: string) => {
    if (!held) faults.push(fault)
  }
  const { LogConfig, Ulimits } = HostConfig
  hold(HostConfig.ReadonlyRootfs, "can write to its image (read_only)")
  hold(!HostConfig.Privileged, "is privileged")
  hold(
    HostConfig.CapDrop?.some((name) => /^(CAP_)?ALL$/i.test(name)) ?? false,
    "keeps capabilities (cap_drop: [ALL])",
  )
  const added = (HostConfig.CapAdd ?? []).filter((name) => !capabilities.includes(name.replace(/^CAP_/, "")))
  hold(added.length === 0, `has the capabilities ${added.join(", ")}`)
  hold(HostConfig.Init === true, "has no init to reap processes (init)")
  hold(
    expected.noNewPrivileges ||
      (HostConfig.SecurityOpt ?? []).some((option) => /^no-new-privileges(:true)?$/.test(option)),
    "may gain privileges (no-new-privileges in daemon.json)",
  )
  hold(root || !/^(|0|root)(:|$)/.test(Config.User), "runs as root")
  hold(HostConfig.Memory > 0, "has no limit of memory")
  hold(HostConfig.NanoCpus > 0, "has no limit of CPUs")
  hold((HostConfig.PidsLimit ?? 0) > 0, "has no limit of processes")
  hold(
    LogConfig.Type === "local" ||
      LogConfig.Config?.["max-size"] !== undefined ||
      !/^json-file$/.test(LogConfig.Type),
    "fills the disk with its log (no max-size)",
  )
  const nofile = Ulimits?.find(({ Name }) => Name === "nofile")?.Soft ?? 0
  if (files)
    hold(
      nofile >= expected.openFiles,
      `may open ${nofile || "Docker's default of"} files, not ${expected.openFiles} (nofile)`,
    )
  if (sharedMemory) {
    const shm = HostConfig.Mounts?.find(({ Target }) => Target === "/dev/shm")?.TmpfsOptions?.SizeBytes ?? 0
    hold(shm >= SHARED_MEMORY, "has Docker's 64 MB of /dev/shm, too little for parallel queries")
  }
  const socket = Mounts.find(({ Source, Destination }) => [Source, Destination].includes(DOCKER_SOCKET))
  hold(
    !socket || (service === "socket-proxy" && !socket.RW),
    "holds the engine's socket, which is root on the host",
  )
  return faults
}

function networkFaults(service: ServiceName, { NetworkSettings }: Container, { stack }: Expected): string[] {
  const promised = PROMISED[service].networks.map((name) => `${stack}_${name}`)
  const found = Object.keys(NetworkSettings.Networks).filter(
    (name) => name !== "ingress" && name !== "docker_gwbridge",
  )
  const strays = found.filter((name) => !promised.includes(name))
  return strays.length > 0 ? [`is in ${strays.join(", ")} besides ${promised.join(", ")}`] : []
}

const SECRET_VARIABLES = [
  ...allVariables.filter(([, { secret }]) => secret).map(([name]) => name),
  "POSTGRES_PASSWORD",
  "PGPASSWORD",
]

const secretFaults = ({ Config }: Container): string[] =>
  (Config.Env ?? []).flatMap((entry) => {
    const [name = "", value = ""] = entry.split("=", 2)
    return SECRET_VARIABLES.includes(name) && value !== "" ? [name] : []
  })

/** For a network that should have no way out. */
export function judgeInternal(networks: { name: string; internal: boolean }[]): Finding[] {
  return networks
    .filter(({ internal }) => !internal)
    .map(({ name }) =>
      warning(
        "networks",
        `${name} has a way out, which nothing in it needs.`,
        "Remove the network and deploy again: it is internal in ops/stack.yml.",
      ),
    )
}
