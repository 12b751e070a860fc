import { isCancel, text as prompt } from "@clack/prompts"
import { connect } from "../server/database/connect.ts"
import { interruptible } from "./backup/interruption.ts"
import { goLive } from "./backup/make-quiet.ts"
import { bytes, duration } from "./backup/pace.ts"
import { type Beside, databaseOf, nameBeside, restoreBeside, switchTo } from "./backup/restore-beside.ts"
import { restoredText } from "./backup/restored-text.ts"
import { databaseUrl, identitySettings, storageSettings, variable } from "./backup/settings.ts"
import { placeOf } from "./backup/snapshot.ts"
import { Storage } from "./backup/storage.ts"
import { chooseBackup } from "./backup/stored-backups.ts"
import { restoreToStaging, type StagedBeside, stagingName } from "./backup/to-staging.ts"
import { localCommand, type Result } from "./command.ts"
import { needSwarm, readEnvironment } from "./environments/environment.ts"
import { needArchive } from "./point-in-time/job.ts"
import { restoreStack } from "./point-in-time/restore-stack.ts"
import { Refusal } from "./refusal.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { Engine } from "./swarm/engine.ts"
import { runAsServer } from "./swarm/server-task.ts"
import { type RestoreSaid, restoreFromBackup } from "./swarm/stack-restore.ts"
import { needBackup } from "./swarm/tools-job.ts"

export default localCommand({
  name: "restore",
  description:
    "Restores a backup into a new database beside that of RESTORE_DATABASE_URL, or with --to an environment's database to a moment, proves it, and with --switch puts it in its place: docs/operations/backup-restore.md",
  examples: [
    "bun run ops restore",
    "bun run ops restore 20261121T214554Z-4f9a1c --switch",
    "bun run ops restore --to-staging --switch",
    "bun run ops restore --go-live",
    "bun run ops restore production --to 2026-11-22T14:05:00Z --switch",
    "bun run ops restore production --to release-12",
    "bun run ops restore production --to latest --switch --yes",
    "bun run ops restore production --go-live",
    "bun run ops restore --environment production --switch   # the stack's own database",
  ],
  arguments: {
    backup: {
      type: "positional",
      required: false,
      description: "Its id in bun run ops backups; the newest unless given. With --to, the environment",
    },
    to: {
      type: "string",
      description: "A time with its zone, a release's restore point, or latest: for a stack that archives",
    },
    "to-staging": {
      type: "boolean",
      description: "Scrub people's data first, on the server of DRILL_DATABASE_URL",
    },
    switch: {
      type: "boolean",
      description: "Then give it the name of the database that it replaces, which is kept",
    },
    yes: { type: "boolean", description: "Do not ask before --switch" },
    "without-grants": {
      type: "boolean",
      description: "Leave owners and rights out, where their roles can't be made",
    },
    environment: {
      type: "string",
      description: "Of this environment's stack, by a job inside it, and not of RESTORE_DATABASE_URL",
    },
    "go-live": {
      type: "boolean",
      description: "Let a restored database send mail and run jobs; nothing else",
    },
  },
  run: async ({ arguments: given, dryRun }) => {
    if (given.to !== undefined) return toMoment(given.backup, { ...given, to: given.to }, dryRun)
    if (given["go-live"] && given.backup !== undefined) return releaseStack(given.backup, dryRun)
    if (given.environment)
      return restoreInStack(given.environment, {
        backup: given.backup,
        switchTo: Boolean(given.switch),
        yes: Boolean(given.yes),
        dryRun,
      })
    const url = databaseUrl("RESTORE_DATABASE_URL")
    if (given["go-live"]) return release(url, dryRun)
    const began = performance.now()
    const storage = new Storage(storageSettings())
    const identities = identitySettings()
    const backup = await chooseBackup(storage, given.backup)
    const staging = Boolean(given["to-staging"])
    const workshop = staging ? databaseUrl("DRILL_DATABASE_URL") : ""
    if (staging) refuseSource(url)
    const name = staging ? stagingName(url, backup.id) : nameBeside(url, backup.id)
    if (dryRun)
      return {
        text: `It would restore ${backup.id} (${bytes(backup.dump.size)}, of ${backup.takenAt}) into a new database ${name} beside ${placeOf(url)}${staging ? `, scrubbed before on the server of ${placeOf(workshop)}` : ""}${given.switch ? ", and give it that one's name" : ""}.`,
        facts: { backup, name, switch: Boolean(given.switch) },
      }
    if (given.switch && !given.yes) await confirm(url, backup.takenAt)
    const wanted = { storage, backup, identities, grants: !given["without-grants"] }
    const beside = await interruptible<Beside | StagedBeside>((signal) =>
      staging
        ? restoreToStaging({ url, workshop }, wanted, signal)
        : restoreBeside(url, name, wanted, signal),
    )
    const kept = given.switch ? await switchTo(url, beside.name) : undefined
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const { url: _secret, ...facts } = beside
    return {
      text: restoredText({ backup, beside, staging, kept, seconds, place: placeOf(url) }),
      facts: {
        backup: backup.id,
        takenAt: backup.takenAt,
        ...withoutManifest(facts),
        kept: kept ?? null,
        seconds,
      },
    }
  },
})

async function toMoment(
  name: string | undefined,
  { to, switch: switches = false, yes = false }: { to: string; switch?: boolean; yes?: boolean },
  dryRun: boolean,
): Promise<Result> {
  if (name === undefined)
    throw new Refusal(2, "--to wants an environment before it: bun run ops restore production --to …")
  const environment = needSwarm(
    await readEnvironment(name),
    "Neon brings its database back to a moment itself: docs/deployment/neon.md.",
  )
  needArchive(environment)
  return changeStack(environment, `restores to ${to}`, (change) =>
    restoreStack(change, { to, switch: switches, yes, dryRun }),
  )
}

async function releaseStack(name: string, dryRun: boolean): Promise<Result> {
  const environment = needSwarm(await readEnvironment(name), "Without a name it is RESTORE_DATABASE_URL's.")
  if (dryRun) return { text: `It would let ${name} send mail and run jobs.`, facts: { environment: name } }
  await using engine = await Engine.open(environment)
  const task = { name: "go-live", command: ["bun", "settle-restored.js", "--go-live"], seconds: 60 }
  const { ended, output, reason } = await runAsServer(engine, environment.stack, task)
  const line = output.split("\n").findLast((text) => text.startsWith('{"released"'))
  if (ended !== "done" || !line) throw new Refusal(1, `${name}'s database can't be used: ${output || reason}`)
  const { released } = JSON.parse(line) as { released: string | null }
  const text = released
    ? `${environment.name}, restored from ${released}, sends mail and runs jobs from now on.`
    : `${environment.name} was not quiet.`
  return { text, facts: { backup: released } }
}

type InStack = {
  backup: string | undefined
  switchTo: boolean
  yes: boolean
  dryRun: boolean
}

/** The operator's keys (BACKUP_*) go with the job, and are gone with it. No deploy may migrate what it replaces meanwhile. */
async function restoreInStack(name: string, { backup: id, switchTo, yes, dryRun }: InStack) {
  const environment = needSwarm(
    await readEnvironment(name),
    "Set RESTORE_DATABASE_URL, and name no environment.",
  )
  const place = needBackup(environment)
  const settings = storageSettings(place)
  const identities = identitySettings()
  const backup = await chooseBackup(new Storage(settings), id)
  const what = `${backup.id} (${bytes(backup.dump.size)}, of ${backup.takenAt}) into a new database beside that of ${environment.stack}${switchTo ? ", and give it that one's name" : ""}`
  if (dryRun) return { text: `It would restore ${what}.`, facts: { backup, switch: switchTo } }
  if (switchTo && !yes)
    await confirmNamed(environment.stack, `The database of ${environment.stack}`, backup.takenAt)
  const reader = { ...settings, identities }
  const said = await changeStack(environment, `restores ${backup.id}`, ({ engine, signal }) =>
    restoreFromBackup(engine, environment, { backup: backup.id, reader, switchTo, signal }),
  )
  return { text: restoredInStackText(name, said, switchTo), facts: { ...said } }
}

function restoredInStackText(name: string, said: RestoreSaid, switched: boolean): string {
  const proof = said.restored?.proof
  return [
    proof
      ? `${said.backup} is restored into ${said.name}, and proven equal: ${proof.tables} tables, ${proof.rows!.toLocaleString("en")} rows, ${proof.definitions} definitions, ${proof.grants} grants; ${duration(said.seconds)}.`
      : `${said.name} was restored from ${said.backup} and proven before; it is used as it is.`,
    switched
      ? `${name} serves it now${said.kept ? `; the database before is kept as ${said.kept}` : ""}. No mail goes out and no job runs until: bun run ops restore ${name} --go-live`
      : `Look at it, then put it in the place of the other: bun run ops restore ${said.backup} --environment ${name} --switch`,
  ].join("\n")
}

const withoutManifest = (facts: Record<string, unknown>) => {
  const { restored, ...rest } = facts as { restored?: { manifest: unknown } }
  if (!restored) return rest
  const { manifest: _long, ...short } = restored
  return { ...rest, restored: short }
}

/** What is backed up from here is not what a staging is made of. */
function refuseSource(url: string) {
  const of = (url: string) => [new URL(url).hostname, new URL(url).port || "5432", databaseOf(url)].join()
  const source = variable("BACKUP_DATABASE_URL")
  if (source && URL.canParse(source) && of(source) === of(url))
    throw new Refusal(
      3,
      `${placeOf(url)} is the database that is backed up: --to-staging wants that of a staging.`,
    )
}

const confirm = (url: string, takenAt: string) => confirmNamed(databaseOf(url), placeOf(url), takenAt)

/** Asks for the name of what is about to be replaced. Refuses where nobody can answer. */
async function confirmNamed(name: string, place: string, takenAt: string) {
  if (!process.stdin.isTTY)
    throw new Refusal(2, "--switch replaces a database and asks before: say --yes where nobody can answer.")
  const answer = await prompt({
    message: `${place} will be replaced by what it was at ${takenAt}, and kept under another name. Type ${name} to go on.`,
  })
  if (isCancel(answer) || answer !== name) throw new Refusal(130, "Nothing was done.")
}

async function release(url: string, dryRun: boolean): Promise<Result> {
  if (dryRun)
    return { text: `It would let ${placeOf(url)} send mail and run jobs.`, facts: { database: placeOf(url) } }
  const sql = connect(url, { max: 1, statementTimeout: 10_000 })
  try {
    const backup = await goLive(sql)
    return backup
      ? {
          text: `${placeOf(url)}, restored from ${backup}, sends mail and runs jobs from now on.`,
          facts: { backup },
        }
      : { text: `${placeOf(url)} was not quiet.`, facts: { backup: null } }
  } catch (error) {
    throw new Refusal(1, `${placeOf(url)} can't be used: ${(error as Error).message}.`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
