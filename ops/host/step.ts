import type { Connection } from "./connection.ts"

/** Something on the host that is not as it should be yet. */
export type Change = {
  /** What is done about it, for `--dry-run` and the log: "installs docker.io". */
  what: string
  /** A script of the shell, run as root. */
  script: string
  /** At most, in seconds; 60 unless told. */
  seconds?: number
}

export type Settings = {
  /** The deploy user, and the line for its authorized_keys. */
  deployUser: string
  deployKey: string
  /** Where Docker comes from: its own repository, or the distribution's `docker.io`. */
  dockerFrom: "docker" | "debian"
  /** The address by which the other nodes of the Swarm reach this host; empty leaves it to Docker. */
  advertise: string
  /** Addresses of the Swarm's other nodes. */
  peers: string[]
  /** For a host that joins: a manager's `address:2377` and the token of `docker swarm join-token`. */
  join?: { manager: string; token: string }
}

/** What `system` found out, once for all steps. */
export type System = {
  distribution: "debian" | "ubuntu"
  codename: string
  architecture: string
  /** A container keeps its host's clock. */
  isContainer: boolean
  sshPorts: number[]
}

/**
 * One thing that a host must be. `changes` looks and touches nothing: an empty list means that all is as it should be,
 * so a second run does nothing. `proof` looks at the effect rather than at the files, and throws a `Refusal` when it is
 * not there.
 */
export type Step = {
  name: string
  changes: (host: Connection, system: System, settings: Settings) => Promise<Change[]>
  proof: (host: Connection, system: System, settings: Settings) => Promise<string>
  /** What could lock the operator out, and is undone unless a new connection confirms it. */
  guarded?: { paths: string[]; undo: string }
}
