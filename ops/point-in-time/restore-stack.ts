import { isCancel, text as prompt } from "@clack/prompts"
import { duration } from "../backup/pace.ts"
import type { Result } from "../command.ts"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { runSmoke } from "../smoke/run.ts"
import type { Change } from "../swarm/change.ts"
import { databaseVolume } from "../swarm/database-volume.ts"
import { listReleases } from "../swarm/release-records.ts"
import { runningImages } from "../swarm/rollout.ts"
import { type CurrentSecrets, currentSecrets } from "../swarm/secrets.ts"
import { archiveContents } from "./archive-contents.ts"
import { proveBeside } from "./beside.ts"
import { choose } from "./choose.ts"
import { needArchive } from "./job.ts"
import { findRestore, forgetRestore, recordRestore, sameTarget } from "./record.ts"
import { archiveNow } from "./restore-point.ts"
import { type Recovered, restoreVolume } from "./restore-volume.ts"
import { targetOf, targetText } from "./target.ts"
import { clearAway, switchTo } from "./volumes.ts"

export type Asked = {
  /** What `--to` was given. */
  to: string
  switch: boolean
  yes: boolean
  dryRun: boolean
}

/** Seconds after the switch until people can sign in again. */
const SERVING_SECONDS = 180

/**
 * Restores the stack's database to a moment, beside it and in a volume of its own, proves it there, and with `switch` puts
 * it in the other's place, whose volume is kept. What a killed restore of the same moment has left is gone on with, of
 * another one cleared away; one that fails clears away after itself.
 */
export async function restoreStack(change: Change, asked: Asked): Promise<Result> {
  const { engine, environment, stack, service, steps, signal } = change
  needArchive(environment)
  const began = performance.now()
  const now = engine.now()
  const target = targetOf(asked.to, { points: await pointsOf(change), now })
  const secrets = await currentSecrets(engine, stack)
  const [image] = await runningImages(engine, service)
  if (!image)
    throw new Refusal(
      3,
      `${environment.name} does not run: deploy a release first, then restore into its place.`,
    )
  // Of a moment that is just over the log may still wait.
  if (!asked.dryRun) await sendTheRest(change, secrets)
  const contents = await steps.take("look", "Looking at what is archived", () =>
    archiveContents(engine, environment, secrets, signal),
  )
  const choice = choose(contents, target)
  const { label, ended } = choice.backup
  say(`${targetText(target)} comes from the backup ${label}, which ended at ${ended.toISOString()}`)
  if (asked.dryRun)
    return {
      text: `It would restore ${environment.name} to ${targetText(target)} from ${label}, into a new volume${asked.switch ? ", and put it in the database's place" : ""}.`,
      facts: { target: targetText(target), backup: label, timeline: choice.timeline },
    }
  if (asked.switch && !asked.yes) await confirm(environment, targetText(target))

  const same = sameTarget(target, choice)
  const left = await findRestore(engine, stack)
  const resumed = left?.target === same && left.recovered ? left : undefined
  if (left && !resumed) {
    say(`Clearing away what a restore to ${left.target} has left`)
    await clearAway(change, left.volume)
  }
  const volume = resumed?.volume ?? `${stack}_database-${stampOf(now)}`
  try {
    if (!resumed) await recordRestore(engine, stack, { volume, target: same })
    else say(`Going on with what was restored into ${volume} before`)
    const recovered =
      resumed?.recovered ??
      (await steps.take("restore", `Restoring into ${volume}`, () =>
        restoreVolume(change, secrets, { volume, target, choice }),
      ))
    await recordRestore(engine, stack, { volume, target: same, recovered })
    const takenAt = recovered.recoveredTo ?? ended.toISOString()
    const settled = await proveBeside(change, secrets, {
      volume,
      image,
      restore: { id: targetText(target), takenAt, latest: target.kind === "latest" },
    })
    const before = asked.switch ? await databaseVolume(engine.printed, stack) : undefined
    if (asked.switch) {
      await steps.take("switch", "Putting it in the database's place", () =>
        switchTo(change, secrets, { volume, image }),
      )
      await forgetRestore(engine, stack)
      await steps.take("serve", "Waiting until people can sign in", () => untilServing(change))
    }
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const rpoSeconds = rpo(recovered, target.at)
    const { name } = environment
    const lines = [
      `${name} is restored to ${targetText(target)} (the last transaction in it is of ${takenAt}), and proven: ${settled.tables} tables and ${settled.rows.toLocaleString("en")} rows were read, the application works on it (${settled.checks} checks).`,
      `RTO: ${duration(seconds)} (${steps.done.map(({ step, seconds }) => `${step} ${duration(seconds)}`).join(", ")}). RPO: ${rpoSeconds} s between ${target.kind === "latest" ? "now" : "the moment asked for"} and the last transaction.`,
      `It is quiet: ${settled.quieted.sessionsEnded} sessions ended, ${settled.quieted.lettersDropped.length} waiting letters and ${settled.quieted.jobsDropped} jobs dropped, ${settled.quieted.erasedAgain} accounts erased again.`,
      ...settled.quieted.lettersDropped.map(
        ({ kind, accountId }) => `  not sent: ${kind} to account ${accountId}`,
      ),
      before
        ? `It is the database now; the one before is kept in the volume ${before}: docker volume rm when nothing is missed. A new full backup begins by itself.`
        : `It runs beside, as ${stack}_restored. To put it in the database's place: bun run ops restore ${name} --to ${asked.to} --switch`,
      `No mail goes out and no job runs until: bun run ops restore ${name} --go-live`,
    ]
    return {
      text: lines.join("\n"),
      facts: {
        target: targetText(target),
        backup: label,
        volume,
        kept: before ?? null,
        resumed: resumed !== undefined,
        recoveredTo: takenAt,
        rpoSeconds,
        rtoSeconds: seconds,
        steps: steps.done,
        ...settled,
      },
    }
  } catch (error) {
    if (await isCurrent(change, volume)) throw error
    say("Clearing away what was restored")
    await clearAway(change, volume)
      .then(() => forgetRestore(engine, stack))
      .catch(() => say("It could not be cleared away; the next restore will."))
    throw error
  }
}

const isCurrent = async ({ engine, stack }: Change, volume: string) =>
  (await databaseVolume(engine.printed, stack)) === volume

const stampOf = (now: Date) =>
  now
    .toISOString()
    .replace(/[-:]|\.\d+/g, "")
    .toLowerCase()

/** Seconds of writes that are not there, at most. */
const rpo = ({ recoveredTo }: Recovered, at: Date) =>
  recoveredTo ? Math.max(0, Math.round((at.getTime() - Date.parse(recoveredTo)) / 100) / 10) : 0

const pointsOf = async ({ engine, stack }: Change) =>
  (await listReleases(engine, stack)).flatMap(({ restorePoint }) => restorePoint ?? [])

/** Where the database that runs still answers, all it has written is archived first. */
async function sendTheRest(change: Change, secrets: CurrentSecrets) {
  const { steps } = change
  await steps
    .take("archive", "Archiving what was written last", () => archiveNow(change, secrets))
    .then(({ archived, ofAnother, lastArchivedAt }) => {
      if (ofAnother)
        say("The database that runs is not the one that was archived: what is archived is all there is.")
      else if (!archived)
        say(`It is not archived: the last was ${lastArchivedAt ? `at ${lastArchivedAt}` : "never"}.`)
    })
    .catch((error: Error) => {
      change.signal.throwIfAborted()
      say(
        `The database that runs does not answer: what is archived is all there is. (${error.message.split("\n")[0]})`,
      )
    })
}

/** Asks for the environment's name, as what is about to be replaced. Refuses where nobody can answer. */
async function confirm({ name }: SwarmEnvironment, target: string) {
  if (!process.stdin.isTTY)
    throw new Refusal(2, "--switch replaces a database and asks before: say --yes where nobody can answer.")
  const answer = await prompt({
    message: `Everything that ${name} has written since ${target} will be gone from it, and kept in a volume of its own. Type ${name} to go on.`,
  })
  if (isCancel(answer) || answer !== name) throw new Refusal(130, "Nothing was done.")
}

async function untilServing({ environment, engine }: Change) {
  for (const until = Date.now() + SERVING_SECONDS * 1000; ; await Bun.sleep(2000)) {
    const { checks } = await runSmoke(environment, { engine })
    const failed = checks.filter(({ ok }) => !ok)
    if (failed.length === 0) return
    if (Date.now() < until) continue
    return say(
      `From outside this fails: ${failed.map(({ name, detail }) => `${name} (${detail})`).join(", ")}`,
    )
  }
}
