import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "./change.ts"
import { tidy } from "./deploy-release.ts"
import { keepEverywhere, short } from "./images.ts"
import { operator } from "./operator.ts"
import {
  listReleases,
  noteProgress,
  oldestServed,
  type Phase,
  type ReleaseRecord,
  recordRelease,
} from "./release-records.ts"
import { findService, imageOf, rollTo } from "./rollout.ts"
import { lookBefore, refuseRollout, refuseWorse } from "./serve.ts"
import { takeBack } from "./take-back.ts"

/**
 * Goes back to an earlier release: number `to`, or the one that served before what serves now. Only the image is
 * changed: secrets and settings stay as they are now, and the database keeps the schema it has. Needs neither the
 * registry nor the database. Refuses (3) a release that cannot serve, naming those that can.
 */
export async function rollBack(change: Change, to: number | undefined): Promise<ReleaseRecord> {
  const { engine, stack, service, steps } = change
  const found = await findService(engine, service)
  if (!found) throw new Refusal(3, `Nothing runs in ${stack}, so there is nothing to go back from.`)
  const before = found.Spec
  const target = chooseTarget(await listReleases(engine, stack), imageOf(before), to)
  let record = await recordRelease(engine, stack, {
    image: target.image,
    version: target.version,
    commit: target.commit,
    by: operator().by,
    rollbackTo: target.number,
    replaces: imageOf(before),
  })
  record = await noteProgress(engine, record, { schema: target.schema })
  const enter = async (phase: Phase) => {
    await change.lock.beat()
    change.signal.throwIfAborted()
    record = await noteProgress(engine, record, { phase })
  }
  try {
    const [baseline] = await Promise.all([
      lookBefore(change),
      steps.take("spread", `Seeing that ${short(target.image)} is on every node`, () =>
        keepEverywhere(engine, stack, target.image),
      ),
    ])
    await enter("rolling")
    await steps.take("roll", `Rolling back to release ${target.number}, ${short(target.image)}`, async () => {
      const onStep = (step: string) => say(`  ${step}`)
      const watch = { service, image: target.image, signal: change.signal, onStep }
      refuseRollout(await rollTo(engine, watch), change)
    })
    await enter("checking")
    await refuseWorse(change, baseline)
    record = await noteProgress(engine, record, {
      outcome: "succeeded",
      endedAt: engine.now().toISOString(),
    })
  } catch (error) {
    throw await takeBack(change, record, before, error)
  }
  await tidy(change).catch((error) =>
    say(`Older images and configs stay for now: ${(error as Error).message}`),
  )
  return record
}

/** The record of what to go back to. Throws a `Refusal` (3) that says why not, and which releases work. */
export function chooseTarget(
  releases: ReleaseRecord[],
  running: string,
  to: number | undefined,
): ReleaseRecord {
  const oldest = oldestServed(releases)
  const works = (release: ReleaseRecord) =>
    release.outcome === "succeeded" && (release.schema ?? 0) >= oldest && release.image !== running
  const able = releases.filter(works)
  const others =
    able.length > 0
      ? `These work: ${able.map(({ number, image }) => `${number} (${short(image)})`).join(", ")}.`
      : "No recorded release works: go forward with a new one."
  const facts = { able: able.map(({ number }) => number) }
  if (to === undefined) {
    const target = able.at(-1)
    if (target) return target
    throw new Refusal(3, `There is nothing to go back to. ${others} Nothing was changed.`, facts)
  }
  const target = releases.find(({ number }) => number === to)
  const why = !target
    ? "is not on record"
    : target.outcome !== "succeeded"
      ? `never served: it was ${target.outcome}`
      : target.image === running
        ? "is what serves now"
        : `works with the schema up to ${target.schema}, and the database serves ${oldest} and newer`
  if (target && works(target)) return target
  throw new Refusal(3, `Release ${to} ${why}. ${others} Nothing was changed.`, facts)
}
