import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type { Compose } from "./compose.ts"
import type { CurrentSecrets } from "./secrets.ts"
import { filledIn, giveSecrets, nameConfigs, readCompose, type StackEnvironment } from "./stack.ts"

const FOLDER = resolve(import.meta.dir, "..")

/**
 * ops/monitoring.yml for one environment. Throws a `Refusal` (3) that names every secret that is missing. The one config
 * that has variables is filled in beside the repository, in a folder of its own.
 */
export async function composeMonitoring(
  { stack, domains }: Pick<StackEnvironment, "stack" | "domains">,
  secrets: CurrentSecrets,
): Promise<Compose> {
  const variables = { STACK: stack, DOMAIN: domains[0]! }
  const compose = await readCompose("monitoring.yml", variables)
  giveSecrets(compose, secrets, [])
  const prometheus = compose.configs.prometheus!
  const filled = join(await mkdtemp(join(tmpdir(), "docket-monitoring-")), "prometheus.yml")
  const template = await Bun.file(join(FOLDER, prometheus.file)).text()
  await Bun.write(filled, filledIn(template, variables) as string)
  prometheus.file = filled
  await nameConfigs(compose, `${stack}-monitoring`)
  return compose
}
