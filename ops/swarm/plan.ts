import type { Result } from "../command.ts"
import type { SwarmEnvironment } from "../environments/environment.ts"
import { acceptsUnsigned } from "../supply-chain/verify.ts"
import { Engine } from "./engine.ts"
import type { Image } from "./engine-types.ts"
import { short } from "./images.ts"
import { lockHolder, mayBeAlive, nameOf } from "./lock.ts"
import { listReleases, unfinished } from "./release-records.ts"
import { runningImages } from "./rollout.ts"
import { currentSecrets } from "./secrets.ts"
import { composeStack, engineFacts } from "./stack.ts"

/** What a deploy of `image` would do, as far as can be told by reading. Refuses what it would refuse at once. */
export async function planDeploy(environment: SwarmEnvironment, image: string): Promise<Result> {
  await using engine = await Engine.open(environment)
  const { stack } = environment
  const secrets = await currentSecrets(engine, stack)
  await composeStack(environment, image, secrets, await engineFacts(engine.printed))
  const [holder, running, there, releases] = await Promise.all([
    lockHolder(engine, stack),
    runningImages(engine, `${stack}_server`),
    engine.find<Image>(`/images/${image}/json`),
    listReleases(engine, stack),
  ])
  const halfMade = unfinished(releases)
  const locked = holder && mayBeAlive(engine, holder)
  const plan = [
    locked && `It would be refused now: ${nameOf(holder)} holds the lock.`,
    halfMade &&
      !locked &&
      `Release ${halfMade.number}, left half-made while ${halfMade.phase}, would be finished or undone first.`,
    there ? "The image is on the engine." : "The image would be fetched.",
    acceptsUnsigned(environment)
      ? "Its signature would not be checked: [cosign] says unsigned = true."
      : "Its signature would be checked.",
    running.length > 0
      ? `It would replace ${running.map(short).join(" and ")}.`
      : "It would be the first release.",
    "Its migrations would run, then it would be rolled out over " +
      `${environment.replicas} replicas and looked at from outside.`,
    "Nothing was changed.",
  ].filter((line): line is string => typeof line === "string")
  return {
    text: plan.join("\n"),
    facts: { dryRun: true, image, running, halfMade: halfMade?.number ?? null, plan },
  }
}
