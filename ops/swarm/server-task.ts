import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import type { Service } from "./engine-types.ts"
import { type OneShotEnd, runOneShot } from "./one-shot.ts"
import { removeService } from "./removal.ts"

type ServerSpec = {
  Image: string
  Env?: string[]
  Secrets?: { SecretName: string; File: { Name: string } }[]
}

/**
 * Runs `command` once with what the stack's server runs with now: image, variables, secrets and networks, so its role in
 * the database too. `name` says what it is; each run has a service of its own, which is gone when this resolves.
 */
export async function runAsServer(
  engine: Engine,
  stack: string,
  { name, command, seconds }: { name: string; command: string[]; seconds: number },
): Promise<OneShotEnd> {
  const service = await engine.find<Service>(`/services/${stack}_server`)
  if (!service) throw new Refusal(3, `The stack ${stack} has no server yet: deploy a release first.`)
  const { ContainerSpec, Networks } = service.Spec.TaskTemplate
  const { Image, Env, Secrets = [] } = ContainerSpec as ServerSpec
  const job = `${stack}_${name}_${crypto.randomUUID().slice(0, 8)}`
  try {
    return await runOneShot(engine, {
      name: job,
      stack,
      image: Image,
      command,
      variables: Env ?? [],
      secrets: Object.fromEntries(Secrets.map(({ SecretName, File }) => [File.Name, SecretName])),
      networks: ((Networks ?? []) as { Target: string }[]).map(({ Target }) => Target),
      seconds,
    })
  } finally {
    // One that failed would stay until the next of its name, and there is none.
    await removeService(engine, job)
  }
}
