import type { Engine } from "./engine.ts"
import type { Config } from "./engine-types.ts"
import { usage } from "./usage.ts"

/** What `docker stack deploy` puts on what it makes. The lock, releases and assignments of secrets are not its. */
const MADE_FOR = "com.docker.stack.namespace"

/**
 * Removes the configs that a deploy made for `stack` and nothing uses any more, and returns their names. A new content is
 * a new config, and nobody else takes the old one away.
 */
export async function removeUnusedConfigs(engine: Engine, stack: string): Promise<string[]> {
  const used = await usage(engine, ({ Configs }) => (Configs ?? []).map(({ ConfigName }) => ConfigName))
  const configs = await engine.list<Config>("/configs", { label: [`${MADE_FOR}=${stack}`] })
  const unused = configs.filter(({ Spec: { Name } }) => !used.has(Name))
  for (const { ID } of unused) await engine.delete(`/configs/${ID}`)
  return unused.map(({ Spec: { Name } }) => Name)
}
