import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import type { Secret, Service } from "../swarm/engine-types.ts"
import { imageOf, rollTo, updateService, watchRollout } from "../swarm/rollout.ts"
import { assignSecrets, currentSecrets, type SecretName } from "../swarm/secrets.ts"
import { type Stored, withSecrets } from "./mount.ts"

/** The Swarm secrets that become current, by name; null takes a name away. */
export type Assignment = Partial<Record<SecretName, string | null>>

/**
 * Makes secrets current and brings the server to them, one replica after the other; nothing else of it is changed.
 * When the roll fails, what was current is again, and the server as it was: `Refusal` 4, or 130 on Ctrl-C.
 */
export async function rollSecrets(change: Change, next: Assignment, line: string): Promise<void> {
  const { engine, stack, service, signal, steps } = change
  const before = (await engine.get<Service>(`/services/${service}`)).Spec
  const current = await currentSecrets(engine, stack)
  const back: Assignment = Object.fromEntries(
    Object.keys(next).map((name) => [name, current[name as SecretName] ?? null]),
  )
  const mounted = await references(change, next)
  await assignSecrets(engine, stack, next)
  const watch = { service, image: imageOf(before), onStep: (step: string) => say(`  ${step}`) }
  const end = await steps.take("roll", line, async () => {
    await updateService(engine, service, (spec) => ({
      ...spec,
      TaskTemplate: {
        ...spec.TaskTemplate,
        ContainerSpec: withSecrets(spec.TaskTemplate.ContainerSpec, mounted),
      },
    }))
    return watchRollout(engine, { ...watch, signal })
  })
  if (end.ended === "running") return
  await assignSecrets(engine, stack, back)
  const undone = await steps.take("take back", "Putting the secrets back that served before", () =>
    rollTo(engine, watch, before),
  )
  const said = end.output && `\nIts last lines:\n${end.output.replace(/^/gm, "  ")}`
  if (undone.ended !== "running")
    throw new Refusal(
      5,
      `The server did not come up with the new secret (${end.reason}), nor with the one before: ${undone.reason}.${said}`,
    )
  if (signal.aborted) throw new Refusal(130, "Interrupted. The secrets that served before serve again.")
  throw new Refusal(
    4,
    `The server did not come up with the new secret: ${end.reason}. The one before serves again.${said}`,
  )
}

async function references(
  { engine }: Change,
  next: Assignment,
): Promise<Partial<Record<SecretName, Stored | null>>> {
  const entries = Object.entries(next).map(async ([name, stored]) => {
    if (stored === null) return [name, null]
    return [name, { id: (await engine.get<Secret>(`/secrets/${stored}`)).ID, name: stored }]
  })
  return Object.fromEntries(await Promise.all(entries))
}
