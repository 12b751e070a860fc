import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "./change.ts"
import type { Service, ServiceSpec } from "./engine-types.ts"
import { short } from "./images.ts"
import { migrationJob } from "./migrations.ts"
import { listReleases, noteProgress, type ReleaseRecord, unfinished } from "./release-records.ts"
import { removeService } from "./removal.ts"
import { findService, imageOf, watchRollout } from "./rollout.ts"
import { refuseRollout, refuseWorse } from "./serve.ts"
import { nameOfRelease, takeBack } from "./take-back.ts"
import { trialService } from "./trial.ts"

/**
 * Finishes or undoes the release that an earlier command left half-made, if one did, and says so: its process was killed
 * or lost its connection. What the Swarm was told goes on by itself, so a roll that comes to a good end is finished, and
 * everything else is undone.
 */
export async function recover(change: Change): Promise<void> {
  const { engine, stack, service } = change
  const record = unfinished(await listReleases(engine, stack))
  if (!record) return
  say(
    `Release ${record.number} (${short(record.image)}), begun by ${record.by} at ${record.at}, was left half-made while ${record.phase}.`,
  )
  const found = await findService(engine, service)
  if (["preparing", "migrating", "trying"].includes(record.phase)) return undoUnrolled(change, record)
  if (found && imageOf(found.Spec) === record.image) return finishOrUndo(change, record, found)
  // The Swarm has rolled it back by itself, or was never told to begin.
  await undo(change, record, specBefore(record, found), "it was left half-made")
}

/** Nothing of it serves. A migration may still be at work. */
async function undoUnrolled({ engine, stack, service }: Change, record: ReleaseRecord) {
  for (const job of [migrationJob(stack), trialService(stack)]) await removeService(engine, job)
  if (!record.replaces) await engine.delete(`/services/${service}`)
  await noteProgress(engine, record, ended(engine.now(), "it was left half-made"))
  say(`It is undone: nothing of it had served.`)
}

async function finishOrUndo(change: Change, record: ReleaseRecord, found: Service) {
  const { engine, service } = change
  try {
    const onStep = (step: string) => say(`  ${step}`)
    refuseRollout(
      await watchRollout(engine, { service, image: record.image, signal: change.signal, onStep }),
      change,
    )
    await refuseWorse(change, undefined)
    await noteProgress(engine, record, { outcome: "succeeded", endedAt: engine.now().toISOString() })
    say(`It is finished: release ${record.number} runs.`)
  } catch (error) {
    await undo(change, record, specBefore(record, found), error)
  }
}

async function undo(change: Change, record: ReleaseRecord, before: ServiceSpec | undefined, cause: unknown) {
  if (cause instanceof Error) say(`Release ${record.number} ${cause.message}`)
  const refusal = await takeBack(change, record, before, cause)
  if (refusal.code === 5 || refusal.code === 130) throw refusal
  say(`It is undone: ${before ? `${await nameOfRelease(change, imageOf(before))} runs` : "nothing runs"}.`)
}

/** The server as it was before `record`: as the Swarm remembers it, or else what runs with the image of then. */
function specBefore({ image, replaces }: ReleaseRecord, found: Service | undefined): ServiceSpec | undefined {
  if (!replaces) return undefined
  if (!found) throw new Refusal(5, `The server's service is gone, and ${replaces} ran before.`)
  const { Spec, PreviousSpec } = found
  if (imageOf(Spec) !== image) return Spec
  if (PreviousSpec && imageOf(PreviousSpec) === replaces) return PreviousSpec
  const { TaskTemplate } = Spec
  return {
    ...Spec,
    TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Image: replaces } },
  }
}

const ended = (at: Date, reason: string) =>
  ({ outcome: "undone", reason, endedAt: at.toISOString() }) as const
