import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import { verifyImage } from "../supply-chain/verify.ts"
import type { Change } from "../swarm/change.ts"
import { deployRelease, missingSecrets } from "../swarm/deploy-release.ts"
import { fetchImage } from "../swarm/images.ts"
import type { ReleaseRecord } from "../swarm/release-records.ts"
import { findService, replicasOf } from "../swarm/rollout.ts"
import {
  assignSecrets,
  type CurrentSecrets,
  currentSecrets,
  type SecretName,
  secretNames,
  storeSecret,
} from "../swarm/secrets.ts"
import { type RestoreSaid, restoreFromBackup } from "../swarm/stack-restore.ts"
import { withTools } from "../swarm/tools-image.ts"
import type { Kit } from "./kit.ts"
import { recordKit } from "./record.ts"

export type Recovered = { release: ReleaseRecord; restored: RestoreSaid | null }

type Wanted = {
  kit: Kit
  /** Of the kit's file. */
  checksum: string
  /** The release, by digest. */
  image: string
  /** The backup's id; null where the database is elsewhere. */
  backup: string | null
}

/**
 * Brings the environment up on a Swarm that has nothing of it: secrets from the kit, the release by its digest, and before
 * its server starts the database from the backup, proven equal and quiet. Ends when the smoke test has passed. What fails
 * is taken back, and another run begins anew.
 */
export async function recoverStack(
  change: Change,
  { kit, checksum, image, backup }: Wanted,
): Promise<Recovered> {
  const { engine, environment, stack, service, signal } = change
  const running = await findService(engine, service)
  if (running && replicasOf(running.Spec) > 0)
    throw new Refusal(
      3,
      `${stack} runs on ${engine.host}: a recovery is for an empty host. For its database alone: bun run ops restore --environment ${environment.name}. Nothing was changed.`,
    )
  refuseIncomplete(environment, kit, await currentSecrets(engine, stack))
  // Tried before anything is stored: what can't be fetched or trusted leaves the host as it was.
  await fetchImage(engine, image)
  await verifyImage(environment, image)
  const tools = (await withTools(engine, environment, image)).backup?.image
  if (tools) await fetchImage(engine, tools)
  const stored = await storeSecrets(change, kit)
  await recordKit(engine, environment, { checksum, text: kit.environment.text, stored })
  let restored: RestoreSaid | null = null
  const fill = async () => {
    if (!backup || !kit.backups) return
    const reader = { ...kit.backups.reader, identities: kit.backups.identities }
    restored = await restoreFromBackup(engine, environment, { backup, reader, switchTo: true, signal })
  }
  const release = await deployRelease(change, image, { fill })
  return { release, restored }
}

/** Before anything is stored: what the kit was never given may have been set on the new host. */
function refuseIncomplete(environment: SwarmEnvironment, { secrets }: Kit, current: CurrentSecrets) {
  const stranger = Object.keys(secrets).find((name) => !secretNames.includes(name as SecretName))
  if (stranger)
    throw new Refusal(
      3,
      `The kit holds a secret ${stranger}, which this release does not know: use a newer one. Nothing was changed.`,
    )
  const missing = missingSecrets(environment, { ...current, ...secrets })
  if (missing.length === 0) return
  const cures = missing.map((name) => `bun run ops secrets ${environment.path} set ${name}`)
  throw new Refusal(
    3,
    `The kit lacks ${missing.join(", ")}, without which ${environment.stack} does not run. Nothing was changed. Give it to the new host, and recover again:\n${cures.join("\n")}`,
    { missing },
  )
}

/** The same contents have the same names, so that a second run stores nothing. */
async function storeSecrets({ engine, stack }: Change, { secrets }: Kit): Promise<CurrentSecrets> {
  const stored: CurrentSecrets = {}
  for (const [name, content] of Object.entries(secrets) as [SecretName, string][])
    stored[name] = await storeSecret(engine, stack, name, content)
  await assignSecrets(engine, stack, stored)
  return stored
}
