import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { EngineError } from "./engine-api.ts"
import type { Service, ServiceSpec, Task } from "./engine-types.ts"

export type RolloutEnd =
  | { ended: "running" }
  /** `reason` is what the first task that failed says; `output`, what it wrote last. */
  | { ended: "rolled back" | "failed" | "too slow" | "interrupted"; reason: string; output: string }

export type Watch = {
  service: string
  image: string
  /** Stops watching when it aborts; what the Swarm is at goes on. */
  signal?: AbortSignal
  /** Told when something has moved, in a few words. */
  onStep?: (step: string) => void
  /** Failures of tasks, where the Swarm itself would go on starting them, after which it has failed. */
  mostFailures?: number
}

/** A replica's own time to come up, be watched and let the one before drain; and what goes before and after. */
const SECONDS = { replica: 60, around: 90 }
/** How long tasks must have run where the Swarm does not watch them: at a service's creation. Its own monitor's time. */
const STABLE_SECONDS = 30
/** The Swarm clears an update's state and sets the new one a moment after it was asked. */
const STATE_SECONDS = 3
/** The Swarm starts failing tasks of a new service again and again. */
const MOST_FAILURES = 3
/** States of tasks that nobody told to end. A server that is stopped for being unhealthy ends in order, as complete. */
const FAILED = ["failed", "rejected", "complete"]

/**
 * Watches an update of `service` to `image` until it has ended one way or another, or a bound is over that fits its
 * replicas. What `docker stack deploy` says is not asked: it reports success after a rollback, an update's state may be
 * absent, and a task that never becomes healthy leaves it at `updating` for ever. What counts is that every task that
 * is wanted runs, of that image, through the time that the Swarm or we watch it.
 */
export async function watchRollout(engine: Engine, watch: Watch): Promise<RolloutEnd> {
  const { service: name, image, signal, onStep, mostFailures = MOST_FAILURES } = watch
  const began = engine.now()
  let told = ""
  for (;;) {
    const service = await engine.get<Service>(`/services/${name}`)
    const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
    const replicas = replicasOf(service.Spec)
    const running = tasks.filter(isRunning)
    const ours = running.filter(({ Spec }) => Spec.ContainerSpec.Image === image)
    const failures = tasks.filter((task) => isFailure(task, image, began))
    const state = service.UpdateStatus?.State
    const seconds = (engine.now().getTime() - began.getTime()) / 1000

    const step = `${ours.length} of ${replicas} replicas run it${failures.length > 0 ? `, ${failures.length} failed` : ""}${state && state !== "updating" ? `, ${state}` : ""}`
    if (step !== told) onStep?.(step)
    told = step

    const ended = async (how: Exclude<RolloutEnd["ended"], "running">, reason = "") => ({
      ended: how,
      ...(await explain(engine, failures, reason)),
    })
    if (state?.startsWith("rollback")) return ended("rolled back")
    if (state === "paused") return ended("failed")
    if (signal?.aborted) return ended("interrupted", "it was interrupted")
    const all = ours.length === replicas && running.length === replicas && onlyWanted(tasks, replicas)
    if (all && seconds > STATE_SECONDS) {
      if (state === "completed") return { ended: "running" }
      if (!state && ours.every((task) => runsFor(engine, task) >= STABLE_SECONDS)) return { ended: "running" }
    }
    if (!state && failures.length >= mostFailures) return ended("failed")
    if (seconds > SECONDS.around + replicas * SECONDS.replica)
      return ended("too slow", `after ${Math.round(seconds)} s, ${step}`)
    await Bun.sleep(500)
  }
}

/** Seconds, in nanoseconds as the API wants them. For going back to what has proven itself: no need to look long. */
const QUICK = { Delay: 2e9, Monitor: 5e9, FailureAction: "pause", Parallelism: 1, Order: "start-first" }

/**
 * Brings `service` to `image`, start-first and one after the other, and watches it to its end. Nothing else of the
 * service is changed, unless `spec` is given: then it becomes exactly that, which is how a deploy is undone whole.
 */
export async function rollTo(engine: Engine, watch: Watch, spec?: ServiceSpec): Promise<RolloutEnd> {
  const wanted = await updateService(engine, watch.service, (now) => {
    const base = spec ?? withImage(now, watch.image)
    return { ...base, UpdateConfig: { ...base.UpdateConfig, ...QUICK } }
  })
  const end = await watchRollout(engine, watch)
  // The usual pace is for the next update; this one changes no task.
  if (end.ended === "running")
    await updateService(engine, watch.service, (now) => ({
      ...now,
      ...((spec ?? wanted.before).UpdateConfig && { UpdateConfig: (spec ?? wanted.before).UpdateConfig }),
    }))
  return end
}

/** Changes a service by its version, again when another change came between. Returns what it was before. */
export async function updateService(
  engine: Engine,
  name: string,
  change: (spec: ServiceSpec) => ServiceSpec,
): Promise<{ before: ServiceSpec }> {
  for (let attempt = 1; ; attempt++) {
    const { ID, Version, Spec } = await engine.get<Service>(`/services/${name}`)
    try {
      const parameters = { version: String(Version.Index), registryAuthFrom: "spec" }
      await engine.post(`/services/${ID}/update`, change(Spec), parameters)
      return { before: Spec }
    } catch (error) {
      const raced = error instanceof EngineError && /out of sequence/.test(error.message)
      if (!raced || attempt === 5) throw error
    }
  }
}

/** The service, or nothing before the first deploy. */
export const findService = (engine: Engine, name: string) => engine.find<Service>(`/services/${name}`)

/** The images that the service's tasks run now, each once. */
export async function runningImages(engine: Engine, name: string): Promise<string[]> {
  const service = await findService(engine, name)
  if (!service) return []
  const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
  return [...new Set(tasks.filter(isRunning).map(({ Spec }) => Spec.ContainerSpec.Image))]
}

export const imageOf = ({ TaskTemplate }: ServiceSpec): string => TaskTemplate.ContainerSpec.Image

export const replicasOf = ({ Mode }: ServiceSpec): number => Mode.Replicated?.Replicas ?? 1

/** Waits until every task that the service wants runs. Refuses (1) with the reason when that takes longer. */
export async function untilRunning(engine: Engine, name: string, seconds: number, signal?: AbortSignal) {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    const service = await engine.get<Service>(`/services/${name}`)
    const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
    if (tasks.filter(isRunning).length >= replicasOf(service.Spec)) return
    signal?.throwIfAborted()
    if (Date.now() > deadline) {
      const failed = tasks.filter(({ Status }) => Status.Err || FAILED.includes(Status.State))
      const { reason, output } = await explain(engine, failed, `not within ${seconds} s`)
      throw new Refusal(1, `${name} does not come up: ${reason}`, { output })
    }
    await Bun.sleep(500)
  }
}

function withImage(spec: ServiceSpec, image: string): ServiceSpec {
  const { TaskTemplate } = spec
  const container = { ...TaskTemplate.ContainerSpec, Image: image }
  return { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec: container } }
}

export const isRunning = ({ DesiredState, Status }: Task) =>
  DesiredState === "running" && Status.State === "running"

/** No further task is on its way up. */
const onlyWanted = (tasks: Task[], replicas: number) =>
  tasks.filter(({ DesiredState }) => DesiredState === "running" || DesiredState === "ready").length ===
  replicas

const runsFor = (engine: Engine, { Status }: Task) =>
  (engine.now().getTime() - Date.parse(Status.Timestamp)) / 1000

const isFailure = ({ Spec, Status, CreatedAt }: Task, image: string, since: Date) =>
  Spec.ContainerSpec.Image === image &&
  FAILED.includes(Status.State) &&
  Date.parse(CreatedAt) >= since.getTime() - 10_000

const FAILURE_LINES = 20

/** What went wrong with the newest of `failures`, as the Swarm and the process itself say it. */
async function explain(engine: Engine, failures: Task[], otherwise: string) {
  const newest = failures
    .toSorted((one, other) => one.Status.Timestamp.localeCompare(other.Status.Timestamp))
    .at(-1)
  const reason =
    newest?.Status.Err ||
    (newest?.Status.State === "complete" && "it ended by itself, or was ended for being unhealthy") ||
    otherwise ||
    "the Swarm does not say why"
  const output = newest ? await engine.taskLogs(newest.ID, FAILURE_LINES).catch(() => "") : ""
  return { reason, output }
}
