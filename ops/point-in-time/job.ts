import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import { ARCHIVE_SECRETS, type ArchiveSettings, archiveNetwork, archiveVariables } from "../swarm/archive.ts"
import type { Engine } from "../swarm/engine.ts"
import type { Config } from "../swarm/engine-types.ts"
import type { OneShot } from "../swarm/one-shot.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"

export type Archiving = SwarmEnvironment & { archive: ArchiveSettings }

/** Narrows to an environment that archives, or refuses (3) and says what there is instead. */
export function needArchive(environment: SwarmEnvironment): asserts environment is Archiving {
  if (environment.archive && environment.database === "stack") return
  throw new Refusal(
    3,
    environment.database === "stack"
      ? `${environment.name} archives no write-ahead log, so no moment can be brought back: its file has no [archive] (docs/operations/backup-restore.md). A backup can: bun run ops restore`
      : `${environment.name}'s database is elsewhere: whoever runs it brings it back to a moment.`,
  )
}

/** What every job has that reads the archive: the database's image, the way to the storage, and what opens it. */
export async function archiveJob(
  engine: Engine,
  { archive, stack, name }: SwarmEnvironment,
  secrets: CurrentSecrets,
): Promise<Pick<OneShot, "stack" | "image" | "variables" | "secrets" | "networks" | "configs" | "user">> {
  const needed = [...ARCHIVE_SECRETS, "postgres-password" as const]
  const missing = needed.filter((secret) => !secrets[secret])
  if (missing.length > 0)
    throw new Refusal(
      3,
      `${name} lacks the secret ${missing.join(", ")}: bun run ops secrets ${name} set ${missing[0]}.`,
    )
  const network = await engine.find(`/networks/${archiveNetwork(stack)}`)
  if (!network)
    throw new Refusal(
      3,
      `${name} does not run with [archive] yet: deploy it first, to have the way to the storage.`,
    )
  const variables = archiveVariables(archive!)
  return {
    stack,
    image: archive!.image,
    user: "postgres",
    variables: Object.entries(variables).map(([variable, value]) => `${variable}=${value}`),
    secrets: Object.fromEntries(needed.map((secret) => [secret, secrets[secret]!])),
    networks: [archiveNetwork(stack)],
    ...(archive!.ca && { configs: { [variables.ARCHIVE_CA_FILE!]: await authorityConfig(engine, stack) } }),
  }
}

/** The newest that a deploy has made of `ca`. */
async function authorityConfig(engine: Engine, stack: string): Promise<string> {
  const configs = await engine.list<Config>("/configs", { name: [`${stack}_archive-ca_`] })
  const newest = configs.toSorted((one, other) => one.CreatedAt.localeCompare(other.CreatedAt)).at(-1)
  if (!newest) throw new Refusal(3, "The storage's authority is in no deploy yet: deploy first.")
  return newest.Spec.Name
}
