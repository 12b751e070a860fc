import type { Engine } from "./engine.ts"
import { EngineError } from "./engine-api.ts"
import type { Config, Network, Secret, Task } from "./engine-types.ts"
import { ENDED, removeService } from "./removal.ts"

export type OneShot = {
  /** The service's; a job of that name from before is removed first. */
  name: string
  stack: string
  image: string
  command: string[]
  /** `NAME=value`. Anyone who may inspect the service reads it, so nothing secret. */
  variables?: string[]
  /** Names of Swarm secrets by their file's name in /run/secrets. */
  secrets?: Record<string, string>
  /** Names of networks. */
  networks?: string[]
  /** A volume by its name, and where it is mounted. It is made where the task runs. */
  volume?: { name: string; target: string }
  /** On which nodes, as in `node.labels.x == true`. */
  constraints?: string[]
  /** Names of Swarm configs by the path of their file. */
  configs?: Record<string, string>
  /** The image's own unless given. */
  user?: string
  /** Bytes; half a gigabyte unless given. */
  memory?: number
  /** Told of lines that it has written since the last time, every few seconds. */
  onLines?: (lines: string[]) => void
  /** After so many seconds it is stopped. */
  seconds: number
  /** Stops it before, when it aborts. */
  signal?: AbortSignal
  /** How many of its last lines are wanted. */
  lines?: number
}

export type OneShotEnd = {
  ended: "done" | "failed" | "too slow" | "interrupted"
  exitCode?: number | undefined
  /** Why, as Swarm says it: `task: non-zero exit (1)`, `no suitable node`. */
  reason: string
  /** The last lines that it wrote, on both streams. */
  output: string
}

const KEPT_LINES = 100
const LINES_MS = 5000
/** As many as a job that tells how far it is writes in a day. */
const MOST_LINES = 10_000

/**
 * Runs `command` once, in a container of `image` on some node, as a job of the Swarm, and waits until it has ended. A
 * job that fails never returns by itself, so its task's state is asked for, up to `seconds`. One that failed stays for
 * `docker service logs NAME`, until the next of its name; every other is removed.
 */
export async function runOneShot(engine: Engine, job: OneShot): Promise<OneShotEnd> {
  const holdsVolume = job.volume !== undefined
  await removeService(engine, job.name, { holdsVolume })
  const { ID } = await engine.post<{ ID: string }>("/services/create", await specOf(engine, job))
  const end = await untilEnded(engine, ID, job)
  const output = await engine.serviceLogs(ID, job.lines ?? KEPT_LINES).catch(() => "")
  if (end.ended !== "failed") await removeService(engine, job.name, { holdsVolume })
  return { ...end, output }
}

async function untilEnded(
  engine: Engine,
  id: string,
  { seconds, signal, onLines }: OneShot,
): Promise<Omit<OneShotEnd, "output">> {
  const deadline = Date.now() + seconds * 1000
  let lookedAt = Date.now()
  let told = 0
  for (;;) {
    if (onLines && Date.now() - lookedAt > LINES_MS) {
      const lines = (await engine.serviceLogs(id, MOST_LINES).catch(() => "")).split("\n").filter(Boolean)
      onLines(lines.slice(told))
      told = Math.max(told, lines.length)
      lookedAt = Date.now()
    }
    const [task] = await tasksOf(engine, id)
    const { State = "new", Err = "", Message = "", ContainerStatus } = task?.Status ?? {}
    const exitCode = ContainerStatus?.ExitCode
    if (State === "complete") return { ended: "done", exitCode, reason: "" }
    if (ENDED.includes(State)) return { ended: "failed", exitCode, reason: Err || Message || State }
    const reason = `${State}${Err && `: ${Err}`}`
    if (signal?.aborted) return { ended: "interrupted", reason }
    if (Date.now() > deadline) return { ended: "too slow", reason }
    await Bun.sleep(500)
  }
}

async function tasksOf(engine: Engine, id: string): Promise<Task[]> {
  try {
    return await engine.list<Task>("/tasks", { service: [id] })
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return []
    throw error
  }
}

async function specOf(engine: Engine, job: OneShot) {
  const networks = await Promise.all(
    (job.networks ?? []).map(async (name) => ({
      Target: (await engine.get<Network>(`/networks/${name}`)).Id,
    })),
  )
  return {
    Name: job.name,
    Labels: { "docket.stack": job.stack, "docket.one-shot": job.name },
    TaskTemplate: {
      ContainerSpec: {
        Image: job.image,
        Command: job.command,
        ...(job.user && { User: job.user }),
        Env: job.variables ?? [],
        Init: true,
        ReadOnly: true,
        CapabilityDrop: ["ALL"],
        Healthcheck: { Test: ["NONE"] },
        Mounts: [
          { Type: "tmpfs", Target: "/tmp", TmpfsOptions: { SizeBytes: 64_000_000 } },
          ...(job.volume ? [{ Type: "volume", Source: job.volume.name, Target: job.volume.target }] : []),
        ],
        Configs: await configsOf(engine, job.configs ?? {}),
        Secrets: await secretsOf(engine, job.secrets ?? {}),
      },
      Networks: networks,
      Placement: { Constraints: job.constraints ?? [] },
      Resources: { Limits: { MemoryBytes: job.memory ?? 512_000_000, Pids: 200 } },
      RestartPolicy: { Condition: "none" },
      LogDriver: { Name: "json-file", Options: { "max-size": "1m", "max-file": "1" } },
    },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  }
}

async function configsOf(engine: Engine, configs: Record<string, string>) {
  return Promise.all(
    Object.entries(configs).map(async ([path, name]) => ({
      ConfigID: (await engine.get<Config>(`/configs/${name}`)).ID,
      ConfigName: name,
      File: { Name: path, UID: "0", GID: "0", Mode: 0o444 },
    })),
  )
}

async function secretsOf(engine: Engine, secrets: Record<string, string>) {
  return Promise.all(
    Object.entries(secrets).map(async ([file, name]) => ({
      SecretID: (await engine.get<Secret>(`/secrets/${name}`)).ID,
      SecretName: name,
      // Readable by whichever user the image has: nobody else is in the container.
      File: { Name: file, UID: "0", GID: "0", Mode: 0o444 },
    })),
  )
}
