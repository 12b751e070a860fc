import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "./change.ts"
import type { Task } from "./engine-types.ts"
import { findService, isRunning, replicasOf, untilRunning, updateService } from "./rollout.ts"

const SECONDS = { up: 180, down: 120 }

/**
 * Brings the server to `replicas` and waits until so many run and no more. Returns how many there were before, and goes
 * back to that when the new ones do not come up (4) or on Ctrl-C (130).
 */
export async function scaleService(change: Change, replicas: number): Promise<number> {
  const { engine, service, signal } = change
  const found = await findService(engine, service)
  if (!found) throw new Refusal(3, "There is no server to scale yet: deploy a release first.")
  const before = replicasOf(found.Spec)
  say(`Scaling the server from ${before} to ${replicas}`)
  try {
    await setReplicas(change, replicas)
    await untilRunning(engine, service, SECONDS.up, signal)
    await untilNoMore(change, found.ID, replicas)
    return before
  } catch (error) {
    if (change.lock.signal.aborted) throw change.lock.signal.reason
    await setReplicas(change, before)
    if (signal.aborted) throw new Refusal(130, `Interrupted. The server is back at ${before} replicas.`)
    throw new Refusal(4, `${(error as Error).message} The server is back at ${before} replicas.`)
  }
}

const setReplicas = ({ engine, service }: Change, Replicas: number) =>
  updateService(engine, service, (spec) => ({ ...spec, Mode: { ...spec.Mode, Replicated: { Replicas } } }))

/** What is taken away serves on while it drains. */
async function untilNoMore({ engine, signal }: Change, service: string, replicas: number) {
  for (let waited = 0; waited < SECONDS.down; waited++) {
    const tasks = await engine.list<Task>("/tasks", { service: [service] })
    const left = tasks.filter((task) => isRunning(task) || task.Status.State === "running")
    if (left.length <= replicas) return
    signal.throwIfAborted()
    await Bun.sleep(1000)
  }
  throw new Refusal(1, `More than ${replicas} replicas still run after ${SECONDS.down} s.`)
}
