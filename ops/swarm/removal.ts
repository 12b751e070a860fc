import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import type { Node, Task } from "./engine-types.ts"

/** Longer than the database is given to stop: its volume goes to another after it. */
const REMOVAL_SECONDS = 150
/** States from which a task does not move on. */
export const ENDED = ["complete", "failed", "rejected", "shutdown", "orphaned", "remove"]

/**
 * Stops and removes the service of that name, if there is one, and waits until nothing of it runs. What still runs after
 * `seconds` is a `Refusal` (1), since whoever asked would go on beside it. A node that is down can't be asked, and holds up
 * nothing; but where another is to have the service's volume (`holdsVolume`) it counts too: a node that only can't be
 * reached runs on what it has.
 */
export async function removeService(
  engine: Engine,
  name: string,
  {
    seconds = REMOVAL_SECONDS,
    holdsVolume = false,
  }: { seconds?: number | undefined; holdsVolume?: boolean } = {},
): Promise<void> {
  const service = await engine.find<{ ID: string }>(`/services/${name}`)
  if (!service) return
  await engine.delete(`/services/${service.ID}`)
  for (const until = Date.now() + seconds * 1000; ; await Bun.sleep(1000)) {
    // Filtered by us: the engine refuses to filter by a service that is gone.
    const tasks = await engine.list<Task>("/tasks")
    const left = tasks.filter(
      ({ ServiceID, Status }) => ServiceID === service.ID && !ENDED.includes(Status.State),
    )
    if (left.length === 0) return
    const nodes = await engine.list<Node>("/nodes")
    const where = left.map(({ NodeID }) => nodes.find(({ ID }) => ID === NodeID))
    if (!holdsVolume && where.every((node) => node?.Status.State === "down")) return
    if (Date.now() < until) continue
    const names = where.map((node) =>
      node ? `${node.Description.Hostname} (${node.Status.State})` : "a node that is gone",
    )
    throw new Refusal(
      1,
      `${name} was told to stop, and still runs after ${seconds} s on ${[...new Set(names)].join(", ")}: nothing is put in its place. See why on that node (docker ps --filter name=${name}), end it there (docker kill), then run this again.`,
    )
  }
}
