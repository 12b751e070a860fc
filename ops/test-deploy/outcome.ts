import type { Config } from "../swarm/engine-types.ts"
import { listReleases } from "../swarm/release-records.ts"
import { runningImages } from "../swarm/rollout.ts"
import { expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import type { Done } from "../testing/running-command.ts"
import type { Stack } from "./stack.ts"

/** That every replica runs `image`, and the lock is free. */
export async function serves(stack: Stack, image: string) {
  const running = await runningImages(stack.engine, `${stack.name}_server`)
  expect(running.join() === image, `${running.join(", ") || "nothing"} runs`)
  const locked = await stack.engine.find(`/configs/${stack.name}_lock`)
  expect(locked === undefined, "the lock is still there")
}

/** Does `work`, and throws when a service, a task, a config or a secret is another afterwards. */
export async function touchesNothing(stack: Stack, work: () => Promise<unknown>) {
  const before = await inventory(stack)
  await work()
  const after = await inventory(stack)
  const gone = before.filter((line) => !after.includes(line))
  const come = after.filter((line) => !before.includes(line))
  expect(gone.length + come.length === 0, `gone: ${gone.join(", ")}; come: ${come.join(", ")}`)
}

/** Everything of the Swarm by its id and version, and the running tasks. */
async function inventory(stack: Stack): Promise<string[]> {
  const kinds = await Promise.all(
    ["services", "configs", "secrets"].map((kind) => stack.engine.list<Config>(`/${kind}`)),
  )
  const tasks = await taskIds(stack, ["server", "database", "traefik", "socket-proxy"])
  return [...kinds.flat().map(({ ID, Version, Spec }) => `${Spec.Name} ${ID} ${Version.Index}`), tasks]
}

/** The ids of the running tasks of these services; a service that is not there has none. */
export async function taskIds(stack: Stack, names: string[]): Promise<string> {
  const ids = await Promise.all(
    names.map((name) =>
      docker("ps", "--quiet", "--filter", `label=com.docker.swarm.service.name=${stack.name}_${name}`),
    ),
  )
  return ids.map((text) => text.split("\n").sort().join()).join("; ")
}

/** The outcomes of all recorded releases, oldest first. */
export const outcomes = async (stack: Stack): Promise<string> =>
  (await listReleases(stack.engine, stack.name)).map(({ outcome }) => outcome).join(", ")

/** What a deploy or a rollback took for each of its steps, for people. */
export const stepsOf = ({ said }: Done) =>
  (said.steps as { step: string; seconds: number }[])
    .map(({ step, seconds }) => `${step} ${seconds} s`)
    .concat(`all ${said.seconds} s`)
    .join(", ")
