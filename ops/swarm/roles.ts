import { join } from "node:path"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { runOneShot } from "./one-shot.ts"
import type { CurrentSecrets } from "./secrets.ts"
import { defaultImages } from "./stack.ts"

const SECRETS = [
  "postgres-password",
  "database-url",
  "database-owner-url",
  "database-backup-url",
  "database-monitor-url",
] as const
const SECONDS = 120

/**
 * Gives the stack's database its roles, with the passwords of the current secrets, by a job that runs
 * ops/database/roles.sh. What is right already stays as it is. Throws a `Refusal` (1) with what it said.
 */
export async function makeRoles(
  engine: Engine,
  { stack, images }: SwarmEnvironment,
  {
    secrets,
    signal,
    networks = [`${stack}_data`],
  }: { secrets: CurrentSecrets; signal?: AbortSignal; networks?: string[] },
): Promise<void> {
  const there = SECRETS.flatMap((name) => (secrets[name] ? [[name, secrets[name]]] : []))
  const script = await Bun.file(join(import.meta.dir, "../database/roles.sh")).text()
  const { ended, reason, output } = await runOneShot(engine, {
    name: `${stack}_roles`,
    stack,
    image: images.postgres ?? defaultImages.postgres,
    command: ["bash", "-c", script],
    secrets: Object.fromEntries(there),
    networks,
    seconds: SECONDS,
    ...(signal && { signal }),
  })
  if (signal?.aborted) throw signal.reason
  if (ended !== "done")
    throw new Refusal(1, `The database's roles could not be made (${reason}):\n${output}`, { output })
}
