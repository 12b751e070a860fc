import { identityToRecipient } from "age-encryption"
import { version } from "../../server/release.ts"
import { proofPublicKey } from "../backup/proofs.ts"
import { identitySettings, storageSettings } from "../backup/settings.ts"
import { Storage } from "../backup/storage.ts"
import { listBackups } from "../backup/stored-backups.ts"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { filesOf } from "../environments/files.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "../swarm/engine.ts"
import { operator } from "../swarm/operator.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"
import { fetchSecrets } from "./fetch-secrets.ts"
import type { Kit } from "./kit.ts"
import { servingRelease } from "./record.ts"

/**
 * All that a kit holds, from three places: the environment's file, the Swarm (by a job, since it gives nothing out), and
 * what only the operator has, by BACKUP_*. What is given is tried before it is kept: a kit that can't read the storage or
 * open its backups would be found out on the worst day.
 */
export async function collectKit(
  engine: Engine,
  environment: SwarmEnvironment,
): Promise<{ kit: Kit; stored: CurrentSecrets }> {
  const backups = environment.backup ? await backupsPart(environment.backup) : null
  say("reading the stack's secrets, encrypted to this command alone")
  const { contents, stored } = await fetchSecrets(engine, environment)
  const kit: Kit = {
    format: 1,
    madeAt: new Date().toISOString(),
    madeBy: operator().by,
    version,
    environment: {
      name: environment.name,
      stack: environment.stack,
      text: await Bun.file(environment.path).text(),
      files: await filesOf(environment),
    },
    release: await servingRelease(engine, environment.stack),
    secrets: contents,
    backups,
  }
  return { kit, stored }
}

async function backupsPart(place: NonNullable<SwarmEnvironment["backup"]>): Promise<Kit["backups"]> {
  const identities = identitySettings()
  const recipients = await Promise.all(
    identities.map((identity) =>
      identityToRecipient(identity).catch(() => {
        throw new Refusal(2, "BACKUP_IDENTITY holds a line that is no age identity: it was cut or mistyped.")
      }),
    ),
  )
  if (!recipients.some((recipient) => place.recipients.includes(recipient)))
    throw new Refusal(
      2,
      `BACKUP_IDENTITY opens none of the stack's backups: it is ${recipients.join(", ")}, and [backup] names ${place.recipients.join(", ")}.`,
    )
  const reader = storageSettings(place)
  const storage = new Storage(reader)
  const { backups } = await listBackups(storage)
  say(`the storage can be read: ${backups.length} backups in ${storage.name}`)
  const { accessKeyId, secretAccessKey } = reader
  const key = proofPublicKey()
  if (!key) say("BACKUP_PROOF_PUBLIC_KEY is not set: with this kit no backup counts as proven beforehand")
  return {
    identities,
    reader: { accessKeyId, secretAccessKey },
    proofPublicKey: key ? key.export({ type: "spki", format: "pem" }).toString() : null,
  }
}
