import type { SwarmEnvironment } from "../environments/environment.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import type { Service, Task } from "./engine-types.ts"
import { runOneShot } from "./one-shot.ts"
import { ENDED } from "./removal.ts"
import { findService, imageOf } from "./rollout.ts"
import { type BackupPlace, backupVariables } from "./stack.ts"
import { withTools } from "./tools-image.ts"

/** Where the tools image keeps what it knows of the stack's backups: the same volume as the service's, ops/stack.yml. */
const RECORD_FOLDER = "/var/lib/docket/backup"
/** Ten hours: 10 GB take minutes, and nobody is kept from working by it. */
const SECONDS = 36_000

export type ToolsJob = {
  /** What it is for: the service's name after the stack's. */
  name: string
  /** As after `bun run ops`. */
  command: string[]
  variables?: Record<string, string>
  /** Swarm secrets by their file's name in /run/secrets. */
  secrets?: Record<string, string>
  seconds?: number
  signal?: AbortSignal
}

/** An environment whose backups the stack makes, or a `Refusal` that says what is missing. */
export function needBackup({ backup, path }: SwarmEnvironment): BackupPlace {
  if (backup) return backup
  throw new Refusal(
    3,
    `${path} has no table [backup], so the stack's backups have no place: docs/operations/backup-restore.md.`,
  )
}

/**
 * Runs a command of `bun run ops` inside the stack, in a container of the tools image that reaches the database and the
 * storage, and returns the object of its `--json`. Its progress is told as it comes. Throws its `Refusal`, with its code.
 */
export async function runTools(
  engine: Engine,
  environment: SwarmEnvironment,
  { name, command, variables = {}, secrets = {}, seconds = SECONDS, signal }: ToolsJob,
): Promise<Record<string, unknown>> {
  const place = needBackup(environment)
  const { stack } = environment
  const job = `${stack}_${name}`
  await refuseSecond(engine, job)
  const image = await imageOfTools(engine, environment)
  const { ended, reason, output } = await runOneShot(engine, {
    name: job,
    stack,
    image,
    command: ["/app/bun", "/app/dist/server/cli.js", ...command, "--json"],
    variables: Object.entries({
      ...backupVariables(place),
      BACKUP_RECORD: `${RECORD_FOLDER}/record.json`,
      ...variables,
    }).map(([name, value]) => `${name}=${value}`),
    secrets,
    networks: [`${stack}_edge`, `${stack}_data`],
    volume: { name: `${stack}_backup`, target: RECORD_FOLDER },
    constraints: [`node.labels.${stack}.database == true`],
    seconds,
    onLines: (lines) => {
      for (const line of lines) {
        const progress = /^ *\d+\.\d s {2}(.*)$/.exec(line)?.[1]
        if (progress) say(`  ${progress}`)
      }
    },
    ...(signal && { signal }),
  })
  if (signal?.aborted)
    throw signal.reason instanceof Refusal
      ? signal.reason
      : new Refusal(130, `Interrupted: the job ${job} was stopped.`)
  const line = output.split("\n").findLast((text) => /^\{"ok":(true|false)/.test(text))
  const said = line ? (JSON.parse(line) as { ok: boolean; code?: Refusal["code"]; message?: string }) : null
  if (said?.ok) return said
  if (said) throw new Refusal(said.code ?? 1, said.message ?? "It failed, and does not say why.", said)
  throw new Refusal(1, `The job ${job} of ${image} ${ended} (${reason}):\n${output}`, { output })
}

async function imageOfTools(engine: Engine, environment: SwarmEnvironment): Promise<string> {
  const { stack, name, path } = environment
  if (environment.backup?.image) return environment.backup.image
  const server = await findService(engine, `${stack}_server`)
  if (!server)
    throw new Refusal(
      3,
      `Nothing of ${name} runs yet, whose tools could be used, and [backup] of ${path} names no image: bun run ops deploy ${name} first.`,
    )
  return (await withTools(engine, environment, imageOf(server.Spec))).backup!.image!
}

/** A job of that name that still works would be ended by the next. */
async function refuseSecond(engine: Engine, name: string) {
  const service = await engine.find<Service>(`/services/${name}`)
  if (!service) return
  const tasks = await engine.list<Task>("/tasks", { service: [service.ID] })
  if (tasks.some(({ Status }) => !ENDED.includes(Status.State)))
    throw new Refusal(
      3,
      `Another one is at work as the job ${name}, since ${service.CreatedAt}: wait for it.`,
    )
}
