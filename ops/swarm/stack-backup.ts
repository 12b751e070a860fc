import type { BackupRecord } from "../backup/record.ts"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { findService, imageOf } from "./rollout.ts"
import { type CurrentSecrets, currentSecrets, type SecretName } from "./secrets.ts"
import { BACKUP_SECRETS } from "./stack.ts"
import { needBackup, runTools } from "./tools-job.ts"

/** How the tools image finds each secret. */
const VARIABLES: Partial<Record<SecretName, string>> = {
  "database-backup-url": "BACKUP_DATABASE_URL_FILE",
  "backup-s3-access-key-id": "BACKUP_S3_ACCESS_KEY_ID_FILE",
  "backup-s3-secret-access-key": "BACKUP_S3_SECRET_ACCESS_KEY_FILE",
}

/**
 * Takes a backup of the stack's database by a job inside the stack, as the identity that may only put, and returns what
 * the job said of it (`backup`, `seconds`). Throws a `Refusal`.
 */
export async function backUpStack(
  engine: Engine,
  environment: SwarmEnvironment,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  needBackup(environment)
  const current = await currentSecrets(engine, environment.stack)
  const token = current["backup-report-token"]
  const server = await findService(engine, `${environment.stack}_server`)
  return runTools(engine, environment, {
    name: "backup-job",
    command: ["backup"],
    variables: {
      ...(token && {
        BACKUP_REPORT_URL: "http://server:8000",
        BACKUP_REPORT_TOKEN_FILE: "/run/secrets/backup-report-token",
      }),
      ...(server && { BACKUP_DEPLOYED_IMAGE: imageOf(server.Spec) }),
      ...Object.fromEntries(BACKUP_SECRETS.map((secret) => [VARIABLES[secret]!, `/run/secrets/${secret}`])),
    },
    secrets: { ...backupSecrets(environment, current), ...(token && { "backup-report-token": token }) },
    ...(signal && { signal }),
  })
}

/** What the stack itself knows of its backups: no word of what a drill has proven. */
export async function stackRecord(engine: Engine, environment: SwarmEnvironment): Promise<BackupRecord> {
  const said = await runTools(engine, environment, {
    name: "backup-record",
    command: ["backup", "--record"],
    seconds: 60,
  })
  return said.record as BackupRecord
}

function backupSecrets({ name }: SwarmEnvironment, secrets: CurrentSecrets): Record<string, string> {
  const missing = BACKUP_SECRETS.filter((secret) => !secrets[secret])
  if (missing.length > 0)
    throw new Refusal(
      3,
      `${name} lacks the secret${missing.length > 1 ? "s" : ""} ${missing.join(", ")}: bun run ops secrets ${name} set ${missing[0]}. Nothing was done.`,
      { missing },
    )
  return Object.fromEntries(BACKUP_SECRETS.map((secret) => [secret, secrets[secret]!]))
}
