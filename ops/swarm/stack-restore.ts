import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { removeService } from "./removal.ts"
import { currentSecrets } from "./secrets.ts"
import { runTools } from "./tools-job.ts"

/** Who reads the storage and opens what is there: not on the host, and in the Swarm only while a restore runs. */
export type Reader = { accessKeyId: string; secretAccessKey: string; identities: string[] }

/** What `bun run ops restore` says of what it did. */
export type RestoreSaid = {
  backup: string
  takenAt: string
  name: string
  kept: string | null
  seconds: number
  restored?: { proof: Record<string, number | null>; seconds: { load: number; compare: number } }
  quieted?: {
    sessionsEnded: number
    lettersDropped: { kind: string; accountId: string }[]
    jobsDropped: number
    erasedAgain: number
  }
}

const SUPERUSER = "postgres://postgres@database:5432/docket"
const OWNER = {
  RESTORE_DATABASE_URL: SUPERUSER,
  RESTORE_DATABASE_PASSWORD_FILE: "/run/secrets/postgres-password",
}

/**
 * Restores `backup` into the stack's database by a job inside the stack: beside what is there, proven equal, and with
 * `switchTo` in its place. The keys are Swarm secrets for as long as it takes.
 */
export async function restoreFromBackup(
  engine: Engine,
  environment: SwarmEnvironment,
  { backup, reader, switchTo, signal }: Wanted,
): Promise<RestoreSaid> {
  const password = await superuserPassword(engine, environment)
  const contents = {
    "backup-identity": reader.identities.join("\n"),
    "reader-access-key-id": reader.accessKeyId,
    "reader-secret-access-key": reader.secretAccessKey,
  }
  const suffix = crypto.randomUUID().slice(0, 8)
  const made: Record<string, string> = {}
  try {
    for (const [name, content] of Object.entries(contents)) {
      // Swarm takes names of 64 characters.
      made[name] = `${environment.stack}_restore-${suffix}_${Object.keys(made).length + 1}`
      await engine.post("/secrets/create", {
        Name: made[name],
        Labels: { "docket.stack": environment.stack },
        Data: Buffer.from(content).toString("base64"),
      })
    }
    return (await runTools(engine, environment, {
      name: "restore-job",
      command: ["restore", backup, ...(switchTo ? ["--switch", "--yes"] : [])],
      variables: {
        ...OWNER,
        BACKUP_IDENTITY_FILE: "/run/secrets/backup-identity",
        BACKUP_S3_ACCESS_KEY_ID_FILE: "/run/secrets/reader-access-key-id",
        BACKUP_S3_SECRET_ACCESS_KEY_FILE: "/run/secrets/reader-secret-access-key",
      },
      secrets: { ...made, "postgres-password": password },
      ...(signal && { signal }),
    })) as RestoreSaid
  } finally {
    await forgetKeys(engine, environment, Object.values(made))
  }
}

type Wanted = { backup: string; reader: Reader; switchTo: boolean; signal?: AbortSignal }

async function superuserPassword(engine: Engine, { name, stack, database }: SwarmEnvironment) {
  const { "postgres-password": password } = await currentSecrets(engine, stack)
  if (database === "stack" && password) return password
  throw new Refusal(
    3,
    `The database of ${name} is not in its stack: restore it from here, with RESTORE_DATABASE_URL and without --environment.`,
  )
}

/** A job that failed stays for its log, and would hold on to its secrets. */
async function forgetKeys(engine: Engine, { stack }: SwarmEnvironment, names: string[]) {
  await removeService(engine, `${stack}_restore-job`)
  for (const name of names) await engine.delete(`/secrets/${name}`)
}
