import type { Engine } from "./engine.ts"
import type { Node, Service, Task } from "./engine-types.ts"
import { keptImages, short } from "./images.ts"
import { lockHolder, mayBeAlive } from "./lock.ts"
import { listReleases, type ReleaseRecord, unfinished } from "./release-records.ts"
import { isRunning, replicasOf } from "./rollout.ts"

export type StackState = {
  /** What serves, as it is on record. */
  release: ReleaseRecord | null
  services: {
    name: string
    running: number
    wanted: number
    /** The Swarm's word on the last update; null when there was none, or it changed no task. */
    update: string | null
    tasks: { id: string; node: string; state: string; since: string; image: string }[]
  }[]
  /** Newest first. The Swarm remembers a few for each task. */
  failures: { name: string; at: string; reason: string }[]
  holder: { by: string; process: number; what: string; since: string; alive: boolean } | null
  halfMade: ReleaseRecord | null
  kept: string[]
}

const MOST_FAILURES = 5

/** What a stack is at, read from the Swarm. */
export async function stackState(engine: Engine, stack: string): Promise<StackState> {
  const namespace = { label: [`com.docker.stack.namespace=${stack}`] }
  const [services, tasks, nodes, releases, holder, kept] = await Promise.all([
    engine.list<Service>("/services", namespace),
    engine.list<Task>("/tasks", namespace),
    engine.list<Node>("/nodes"),
    listReleases(engine, stack),
    lockHolder(engine, stack),
    keptImages(engine, stack),
  ])
  const nodeNames = new Map(nodes.map(({ ID, Description }) => [ID, Description.Hostname]))
  const serviceNames = new Map(services.map(({ ID, Spec }) => [ID, Spec.Name]))
  const images = tasks.filter(isRunning).map(({ Spec }) => Spec.ContainerSpec.Image)
  const serving = releases.findLast(({ outcome, image }) => outcome === "succeeded" && images.includes(image))
  return {
    release: serving ?? null,
    services: services
      .map((service) => {
        const wanted = tasks.filter(
          ({ ServiceID, DesiredState }) => ServiceID === service.ID && DesiredState === "running",
        )
        return {
          name: service.Spec.Name,
          running: wanted.filter(isRunning).length,
          wanted: replicasOf(service.Spec),
          update: service.UpdateStatus?.State ?? null,
          tasks: wanted.map((task) => ({
            id: task.ID,
            node: nodeNames.get(task.NodeID ?? "") ?? "none yet",
            state: task.Status.State,
            since: task.Status.Timestamp.slice(0, 19),
            image: short(task.Spec.ContainerSpec.Image),
          })),
        }
      })
      .sort((one, other) => one.name.localeCompare(other.name)),
    failures: tasks
      .filter(({ Status }) => Status.Err || Status.State === "failed" || Status.State === "rejected")
      .map(({ ServiceID, Status, Spec }) => ({
        name: `${serviceNames.get(ServiceID)}, ${short(Spec.ContainerSpec.Image)}`,
        at: Status.Timestamp.slice(0, 19),
        reason: Status.Err || Status.Message || Status.State,
      }))
      .sort((one, other) => other.at.localeCompare(one.at))
      .slice(0, MOST_FAILURES),
    holder: holder
      ? {
          by: holder.by,
          process: holder.process,
          what: holder.what,
          since: holder.since.toISOString(),
          alive: mayBeAlive(engine, holder),
        }
      : null,
    halfMade: unfinished(releases) ?? null,
    kept,
  }
}
