import type { HostedEnvironment } from "../environments/hosted.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { SmokeReport } from "../smoke/report.ts"
import { worseThan } from "../smoke/report.ts"
import { type ImageFacts, readImage } from "./registry.ts"
import { addressOfSpace, HUB, running, untilRestarted } from "./running.ts"
import { type Schema, schemaOf, servedReleases } from "./schema.ts"
import { type HostedRelease, openSpace, type Space } from "./space.ts"

export type HostedOptions = {
  /** Who deploys, as user@host. */
  by: string
  /** Looks at the deployment from outside, as `bun run ops smoke` does. */
  smoke: () => Promise<Pick<SmokeReport, "checks">>
  /** Holds the image against its signature; throws if it does not fit. */
  verify?: (image: string) => Promise<string>
  dryRun?: boolean
  /** What tests replace: the outside world's addresses, and what is asked of it. */
  outside?: Partial<Outside>
}

type Outside = {
  token: string | undefined
  remote: string
  api: string
  hub: string
  facts: (image: string, digest: string) => Promise<ImageFacts & Partial<Schema>>
  /** Seconds. A Space may take 30 minutes to start before Hugging Face gives up; the image is there within five. */
  patience: number
  pause: number
}

export type HostedResult = { release: HostedRelease; before: HostedRelease | null; published: boolean }

type Wanted = Pick<HostedRelease, "digest" | "version" | "commit" | "schema" | "serves" | "why">

/**
 * Publishes `digest` of the environment's image to its Space, waits until it runs, and looks at it from outside. What is
 * worse than before is taken back by publishing the last good release again. Throws a `Refusal`: 2 or 3 when nothing
 * was changed, 4 when it was taken back, 5 when it could not be.
 */
export async function deployHosted(
  environment: HostedEnvironment,
  digest: string,
  options: HostedOptions,
): Promise<HostedResult> {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Refusal(
      2,
      `"${digest}" is no digest. Give sha256: and 64 hexadecimal digits: a tag can change.`,
    )
  return withSpace(environment, options, async (space, outside) => {
    const { version, commit, ...known } = await outside.facts(environment.image, digest)
    const schema = known.schema && known.serves ? (known as Schema) : await schemaOf(commit)
    if (options.verify) say(await options.verify(`${environment.image}@${digest}`))
    return publish(environment, space, outside, options, {
      digest,
      version,
      commit,
      ...schema,
      why: "deploy",
    })
  })
}

/**
 * Publishes an earlier release again: number `to`, or the last good one before what runs. Refuses one that never passed,
 * and one that does not work on the database as it is by now, naming those that do.
 */
export async function rollbackHosted(
  environment: HostedEnvironment,
  to: number | undefined,
  options: HostedOptions,
): Promise<HostedResult> {
  return withSpace(environment, options, async (space, outside) => {
    const served = servedReleases(space.releases)
    const target =
      to === undefined
        ? served.find(({ digest }) => digest !== space.current?.digest)
        : space.releases.find(({ number }) => number === to)
    if (!target || !served.some(({ digest }) => digest === target.digest))
      throw cannotGoBack(environment, to, target, served)
    return publish(environment, space, outside, options, { ...target, why: `rollback to ${target.number}` })
  })
}

/** Every release on record, oldest first. */
export async function releasesHosted(
  environment: HostedEnvironment,
  outside: HostedOptions["outside"] = {},
): Promise<HostedRelease[]> {
  return withSpace(environment, { outside }, async ({ releases }) => releases)
}

async function withSpace<T>(
  environment: HostedEnvironment,
  options: Pick<HostedOptions, "outside">,
  use: (space: Space, outside: Outside & { token: string }) => Promise<T>,
): Promise<T> {
  const outside = {
    token: process.env.HF_TOKEN,
    remote: `${HUB}/spaces/${environment.space}`,
    api: addressOfSpace(environment.space),
    hub: HUB,
    facts: readImage,
    patience: 900,
    pause: 5,
    ...options.outside,
  }
  const { token, remote } = outside
  if (!token)
    throw new Refusal(
      3,
      "HF_TOKEN is not set: a token of Hugging Face that may write to the Space. Nothing was changed.",
    )
  const space = await openSpace(environment.space, { token, remote })
  try {
    return await use(space, { ...outside, token })
  } finally {
    space.close()
  }
}

async function publish(
  environment: HostedEnvironment,
  space: Space,
  outside: Outside & { token: string },
  options: HostedOptions,
  wanted: Wanted,
): Promise<HostedResult> {
  const { image } = environment
  const before = space.current ?? null
  const lastGood = servedReleases([...space.releases, { ...wanted, good: false } as HostedRelease])[0]
  if (before && !before.good)
    say(
      `Release ${before.number} (${before.why}) was never seen to work: its deploy was cut off, or taken back.`,
    )
  if (options.dryRun) {
    say(
      `Would publish ${image}@${wanted.digest} to the Space ${space.name} as release ${(before?.number ?? 0) + 1}.`,
    )
    return {
      release: { ...wanted, number: (before?.number ?? 0) + 1, good: false, by: options.by, at: "" },
      before,
      published: false,
    }
  }
  const wasRunning = await running(outside.api)
  say("Looking at what runs now.")
  const baseline = await options.smoke()
  const release = await space.publish(image, { ...wanted, by: options.by })
  say(`Release ${release.number} is published. The Space builds and restarts: it is away for that time.`)
  const fault = await settle(space, outside, options, release, { wasRunning, baseline })
  if (fault === null) return { release, before, published: true }
  say(`${fault} Going back.`)
  throw await takeBack(environment, space, outside, options, { release, lastGood, fault, baseline })
}

/** Waits for the release and looks at it. Returns what is wrong in a sentence, or null and marks it good. */
async function settle(
  space: Space,
  outside: Outside & { token: string },
  { smoke }: HostedOptions,
  release: HostedRelease,
  {
    wasRunning,
    baseline,
  }: { wasRunning: Awaited<ReturnType<typeof running>>; baseline: Pick<SmokeReport, "checks"> },
): Promise<string | null> {
  try {
    await untilRestarted({ ...outside, space: space.name, before: wasRunning })
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
  say("It runs. Looking at it from outside.")
  const worse = worseThan(baseline, await smoke())
  if (worse.length > 0)
    return `Worse than before: ${worse.map(({ name, detail }) => `${name} (${detail})`).join(", ")}.`
  await space.markGood(release)
  return null
}

type Failed = {
  release: HostedRelease
  lastGood: HostedRelease | undefined
  fault: string
  baseline: Pick<SmokeReport, "checks">
}

async function takeBack(
  environment: HostedEnvironment,
  space: Space,
  outside: Outside & { token: string },
  options: HostedOptions,
  { release, lastGood, fault, baseline }: Failed,
): Promise<Refusal> {
  const why = `Release ${release.number} (${release.digest}) failed: ${fault}`
  const log = `See why: ${HUB}/spaces/${environment.space}?logs=container`
  if (!lastGood)
    return new Refusal(
      5,
      `${why} No earlier release is on record that works on this database, so it was left. ${log}`,
    )
  const wasRunning = await running(outside.api)
  const back = await space.publish(environment.image, {
    ...lastGood,
    by: options.by,
    why: `put back ${lastGood.number}`,
  })
  const still = await settle(space, outside, options, back, { wasRunning, baseline })
  if (still === null)
    return new Refusal(4, `${why} Release ${lastGood.number} runs again (${lastGood.digest}). ${log}`)
  return new Refusal(
    5,
    `${why} Release ${lastGood.number} was put back, and does not run either: ${still} ${log}`,
  )
}

function cannotGoBack(
  { name }: HostedEnvironment,
  to: number | undefined,
  target: HostedRelease | undefined,
  served: HostedRelease[],
): Refusal {
  const there = served.map(({ number, version }) => `${number} (${version})`).join(", ")
  const others = there ? `These work: ${there}.` : "No other release on record works."
  if (to === undefined) return new Refusal(3, `${name} has no earlier release to go back to. ${others}`)
  if (!target) return new Refusal(2, `${name} has no release ${to}. ${others}`)
  if (!target.good) return new Refusal(3, `Release ${to} never passed its smoke test. ${others}`)
  return new Refusal(
    3,
    `Release ${to} does not work on the database as newer ones have migrated it. ${others}`,
  )
}
