/** The members of the Engine API's objects that ops reads. Others are kept when an object is sent back. */

export type EngineInfo = {
  SystemTime: string
  ServerVersion: string
  Swarm: { NodeID: string; NodeAddr: string; LocalNodeState: string; ControlAvailable: boolean }
}

type Meta = { ID: string; Version: { Index: number }; CreatedAt: string; UpdatedAt: string }
export type Labels = Record<string, string>

export type UpdateState =
  | "updating"
  | "paused"
  | "completed"
  | "rollback_started"
  | "rollback_paused"
  | "rollback_completed"

export type ContainerSpec = {
  Image: string
  Secrets?: SecretReference[]
  Configs?: { ConfigName: string }[]
  [other: string]: unknown
}
/** `File.Name` is what the container sees in /run/secrets. */
export type SecretReference = {
  SecretID: string
  SecretName: string
  File: { Name: string; UID: string; GID: string; Mode: number }
}

export type ServiceSpec = {
  Name: string
  Labels: Labels
  TaskTemplate: {
    ContainerSpec: ContainerSpec
    ForceUpdate?: number
    [other: string]: unknown
  }
  Mode: { Replicated?: { Replicas: number }; Global?: object; ReplicatedJob?: object; GlobalJob?: object }
  /** Times are in nanoseconds. */
  UpdateConfig?: {
    Parallelism: number
    Delay?: number
    Monitor?: number
    FailureAction: string
    MaxFailureRatio?: number
    Order?: string
  }
  [other: string]: unknown
}

export type Service = Meta & {
  Spec: ServiceSpec
  PreviousSpec?: ServiceSpec
  Endpoint?: { Ports?: { PublishedPort: number; TargetPort: number; PublishMode: string }[] }
  /** Absent after an update that changed no task. */
  UpdateStatus?: { State: UpdateState; StartedAt?: string; CompletedAt?: string; Message?: string }
}

export type Task = Meta & {
  ServiceID: string
  NodeID?: string
  Slot?: number
  Spec: { ContainerSpec: ContainerSpec }
  DesiredState: string
  Status: {
    State: string
    Timestamp: string
    Message?: string
    Err?: string
    ContainerStatus?: { ContainerID: string; PID: number; ExitCode: number }
  }
}

export type Config = Meta & { Spec: { Name: string; Labels: Labels; Data: string } }
export type Secret = Meta & { Spec: { Name: string; Labels: Labels } }

export type Node = Meta & {
  Spec: { Role: "manager" | "worker"; Availability: "active" | "pause" | "drain"; Labels: Labels }
  Description: { Hostname: string; Platform: { Architecture: string; OS: string } }
  Status: { State: string; Addr: string; Message?: string }
}

export type Image = {
  Id: string
  RepoTags: string[] | null
  RepoDigests: string[] | null
  Architecture: string
  Os: string
  Config: { Labels: Labels | null } | null
}

export type Network = { Id: string; Name: string; Labels: Labels }
