import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "./change.ts"
import { EngineAway } from "./engine-api.ts"
import type { ServiceSpec } from "./engine-types.ts"
import { short } from "./images.ts"
import { migrationJob } from "./migrations.ts"
import { lastGood, listReleases, noteProgress, type ReleaseRecord } from "./release-records.ts"
import { removeService } from "./removal.ts"
import { imageOf, rollTo } from "./rollout.ts"
import { trialService } from "./trial.ts"

/**
 * Undoes what `record` has begun, because of `cause`, so that what served before serves again: `before` is that
 * service's whole specification, nothing at the first release. Returns the `Refusal` to throw, which says what
 * happened, what runs now and how to see why.
 */
export async function takeBack(
  change: Change,
  record: ReleaseRecord,
  before: ServiceSpec | undefined,
  cause: unknown,
): Promise<Refusal> {
  const { engine, environment, stack, lock, signal, steps } = change
  // Another command has the lock, and undoes this one: two would undo each other.
  if (lock.signal.aborted) return lock.signal.reason
  const why = cause instanceof Refusal ? cause : undefined
  const reason = cause instanceof Error ? cause.message.trim() : String(cause)
  const interrupted = signal.aborted
  const name = `Release ${record.number} (${short(record.image)})`
  const facts = { ...why?.facts, release: record.number, image: record.image, steps: steps.done }
  try {
    const rolled = record.phase === "rolling" || record.phase === "checking"
    // What failed keeps its log; what was interrupted is stopped, and a migration's transaction with it.
    if (interrupted && record.phase === "migrating") await removeService(engine, migrationJob(stack))
    if (interrupted && record.phase === "trying") await removeService(engine, trialService(stack))
    if (rolled || !before)
      await steps.take("take back", "Putting back what ran before", () => restore(change, before))
    const outcome = interrupted ? "undone" : rolled ? "taken back" : "failed"
    await noteProgress(engine, record, { outcome, reason, endedAt: engine.now().toISOString() })
    const runs = before ? `${await nameOfRelease(change, imageOf(before))} runs` : "Nothing runs, as before"
    const see =
      rolled && !interrupted
        ? ` See why: bun run ops logs ${environment.name} --release ${record.number}`
        : ""
    const running = { running: before ? imageOf(before) : null }
    if (interrupted)
      return new Refusal(130, `Interrupted. ${name} was undone; ${runs}.`, { ...facts, ...running })
    if (record.phase === "trying") {
      // What was only too slow is not kept.
      const isKept = await engine.find(`/services/${trialService(stack)}`)
      const see = isKept ? ` See why: bun run ops logs ${environment.name} --service trial` : ""
      return new Refusal(
        why?.code ?? 1,
        `${name} ${reason}\nNobody was sent to it, and it was not rolled out: ${runs}.${see}`,
        { ...facts, ...running },
      )
    }
    if (!rolled)
      return new Refusal(
        why?.code ?? 1,
        `${name} was not rolled out: ${reason}\n${runs}, untouched.${record.phase === "migrating" ? ` See why: bun run ops logs ${environment.name} --service migrate` : ""}`,
        { ...facts, ...running },
      )
    return new Refusal(4, `${name} ${reason}\nIt was taken back: ${runs}.${see}`, { ...facts, ...running })
  } catch (error) {
    const see = `See: bun run ops status ${environment.name}`
    // The record stays "under way".
    if (error instanceof EngineAway)
      return new Refusal(
        5,
        `${name} is half-made, ${record.phase}: ${error.message}\nThe next command finishes or undoes it. ${see}`,
        facts,
      )
    await noteProgress(engine, record, { outcome: "half-made", reason }).catch(() => {})
    return new Refusal(
      5,
      `${name} ${reason}\nIt could not be taken back: ${(error as Error).message} A person has to look. ${see}`,
      facts,
    )
  }
}

/** `sha256:… (release 6)`, for people. */
export async function nameOfRelease({ engine, stack }: Change, image: string): Promise<string> {
  const releases = await listReleases(engine, stack)
  const good = lastGood(releases.filter((release) => release.image === image))
  return good ? `${short(image)} (release ${good.number})` : short(image)
}

/** Brings the server back to `before`. Without one it is removed: the release was the first, and never served. */
async function restore({ engine, service }: Change, before: ServiceSpec | undefined) {
  if (!before) return engine.delete(`/services/${service}`)
  const end = await rollTo(
    engine,
    { service, image: imageOf(before), onStep: (step) => say(`  ${step}`) },
    before,
  )
  if (end.ended !== "running") throw new Refusal(5, `what ran before does not come up either: ${end.reason}.`)
}
