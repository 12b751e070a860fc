import type { Engine } from "./engine.ts"
import type { Task } from "./engine-types.ts"

/** Longer than the database is given to stop: its volume goes to another after it. */
const REMOVAL_SECONDS = 150
/** States from which a task does not move on. */
export const ENDED = ["complete", "failed", "rejected", "shutdown", "orphaned", "remove"]

/** Stops and removes the service of that name, if there is one, and waits until nothing of it runs. */
export async function removeService(engine: Engine, name: string): Promise<void> {
  const service = await engine.find<{ ID: string }>(`/services/${name}`)
  if (!service) return
  await engine.delete(`/services/${service.ID}`)
  for (let waited = 0; waited < REMOVAL_SECONDS; waited++) {
    // Filtered by us: the engine refuses to filter by a service that is gone.
    const tasks = await engine.list<Task>("/tasks")
    const left = tasks.filter(
      ({ ServiceID, Status }) => ServiceID === service.ID && !ENDED.includes(Status.State),
    )
    if (left.length === 0) return
    await Bun.sleep(1000)
  }
}
