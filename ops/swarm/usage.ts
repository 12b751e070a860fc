import type { Engine } from "./engine.ts"
import type { ContainerSpec, Service, Task } from "./engine-types.ts"
import { ENDED } from "./removal.ts"

/**
 * For each of what `mounted` names of a container, such as its Swarm secrets, what it is mounted in: services, also as
 * they were before their last update, which `docker service rollback` would go back to, and tasks that still run.
 */
export async function usage(
  engine: Engine,
  mounted: (container: ContainerSpec) => string[],
): Promise<Map<string, string[]>> {
  const [services, tasks] = await Promise.all([
    engine.list<Service>("/services"),
    engine.list<Task>("/tasks"),
  ])
  const users = new Map<string, Set<string>>()
  const note = (user: string, container: ContainerSpec | undefined) => {
    for (const name of container ? mounted(container) : [])
      users.set(name, (users.get(name) ?? new Set()).add(user))
  }
  for (const { Spec, PreviousSpec } of services) {
    note(Spec.Name, Spec.TaskTemplate.ContainerSpec)
    note(`${Spec.Name} (before)`, PreviousSpec?.TaskTemplate.ContainerSpec)
  }
  for (const { ID, Spec, Status } of tasks)
    if (!ENDED.includes(Status.State)) note(`task ${ID}`, Spec.ContainerSpec)
  return new Map([...users].map(([name, by]) => [name, [...by].sort()]))
}
