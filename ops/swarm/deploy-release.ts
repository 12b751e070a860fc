import type { SwarmEnvironment } from "../environments/environment.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { makeRestorePoint } from "../restore-point.ts"
import { verifyImage } from "../supply-chain/verify.ts"
import type { Change } from "./change.ts"
import { removeUnusedConfigs } from "./configs.ts"
import { dumpBefore } from "./dump-before.ts"
import { fetchImage, KEPT_RELEASES, keepEverywhere, keepOnly, labelsOf, schemaOf, short } from "./images.ts"
import { type Migrated, runMigrations } from "./migrations.ts"
import { operator } from "./operator.ts"
import {
  lastGood,
  listReleases,
  noteProgress,
  oldestServed,
  type Phase,
  type ReleaseRecord,
  recordRelease,
} from "./release-records.ts"
import { makeRoles } from "./roles.ts"
import { findService, imageOf, replicasOf, runningImages, untilRunning, watchRollout } from "./rollout.ts"
import { type CurrentSecrets, currentSecrets, type SecretName } from "./secrets.ts"
import { lookBefore, refuseRollout, refuseWorse } from "./serve.ts"
import { BACKUP_SECRETS, composeStack, defaultImages, deployStack, engineFacts } from "./stack.ts"
import { takeBack } from "./take-back.ts"
import { verifyOthers, withTools } from "./tools-image.ts"
import { tryOut } from "./trial.ts"

/** Until PostgreSQL is there for the first time: its image may have to come first. */
const DATABASE_SECONDS = 300

/**
 * Makes `image` the release that serves, and returns its record once it has proven itself. `fill` is done before it
 * migrates, with the database up: a restore, where the host was lost. Whatever goes wrong is undone:
 * the `Refusal` says with its code whether anything had been changed (1, 3), was taken back (4), interrupted and undone
 * (130), or needs a person (5).
 */
export async function deployRelease(
  given: Change,
  image: string,
  { fill }: { fill?: () => Promise<void> } = {},
): Promise<ReleaseRecord> {
  const { engine, stack, service, steps } = given
  await refuseUnserved(given, image)
  const secrets = await currentSecrets(engine, stack)
  refuseMissing(given, secrets)
  // Whatever an environment lacks is said before anything is changed.
  await compose(given, image, secrets)
  const what = await steps.take("fetch", `Fetching ${short(image)}`, () => fetchImage(engine, image))
  const environment = await withTools(engine, given.environment, image)
  const change = { ...given, environment }
  await steps.take("verify", "Checking its signature", async () => {
    say(await verifyImage(environment, image))
    for (const sentence of await verifyOthers(environment, what)) say(sentence)
  })
  change.signal.throwIfAborted()

  const before = (await findService(engine, service))?.Spec
  let record = await recordRelease(engine, stack, {
    image,
    ...labelsOf(what),
    ...besideOf(environment),
    by: operator().by,
    replaces: before && imageOf(before),
  })
  const enter = async (phase: Phase) => {
    await change.lock.beat()
    change.signal.throwIfAborted()
    record = await noteProgress(engine, record, { phase })
  }
  try {
    await steps.take("spread", "Bringing it to every node", () => keepEverywhere(engine, stack, image))
    const baseline = before && (await lookBefore(change))
    const good = lastGood(await listReleases(engine, stack))
    const { name: restorePoint, sentence } = await steps.take("restore point", "Making a restore point", () =>
      makeRestorePoint(change, secrets, {
        release: record.number,
        migrates: schemaOf(what) === undefined || schemaOf(what) !== good?.schema,
        isFirst: !before,
      }),
    )
    say(sentence)
    if (restorePoint) record = await noteProgress(engine, record, { restorePoint })
    if (before) say(await steps.take("backup", "Seeing to a backup before", () => dumpBefore(change, what)))

    await enter("migrating")
    await migrate(change, image, secrets, {
      isFirst: !before,
      fill,
      onReached: async ({ shipped, serves }) => {
        record = await noteProgress(engine, record, { schema: shipped, serves })
      },
    })

    if (before && imageOf(before) !== image) {
      await enter("trying")
      await steps.take("trial", "Trying it out where nobody is sent to it", async () =>
        tryOut(change, image, await compose(change, image, secrets)),
      )
    }

    await enter("rolling")
    await steps.take("roll", `Rolling ${short(image)} out`, () => roll(change, image, secrets))

    await enter("checking")
    await refuseWorse(change, baseline)
    await refuseOthers(change, image)
    record = await noteProgress(engine, record, {
      outcome: "succeeded",
      endedAt: engine.now().toISOString(),
    })
  } catch (error) {
    throw await takeBack(change, record, before, error)
  } finally {
    await tidy(change).catch((error) =>
      say(`Older images and configs stay for now: ${(error as Error).message}`),
    )
  }
  return record
}

/** What the last good releases need stays on every node; images and configs that no one goes back to are let go. */
export async function tidy({ engine, stack, lock, service }: Change): Promise<void> {
  if (lock.signal.aborted) return
  const releases = (await listReleases(engine, stack)).filter(({ outcome }) => outcome !== "failed")
  const good = releases.filter(({ outcome }) => outcome === "succeeded").map(({ image }) => image)
  const newest = [...new Set(good.reverse())].slice(0, KEPT_RELEASES)
  await keepOnly(engine, stack, [...newest, ...(await runningImages(engine, service))])
  await removeUnusedConfigs(engine, stack)
}

/** What else of the stack a release's record names, so that the same can be brought back. */
const besideOf = ({ backup, archive, database, images }: SwarmEnvironment) => ({
  tools: backup?.image,
  database: database === "stack" ? (archive?.image ?? images.postgres ?? defaultImages.postgres) : undefined,
})

async function refuseUnserved({ engine, stack }: Change, image: string) {
  const releases = await listReleases(engine, stack)
  const known = releases.findLast((release) => release.image === image && release.schema !== undefined)
  const oldest = oldestServed(releases)
  if (known?.schema !== undefined && known.schema < oldest)
    throw new Refusal(
      3,
      `${short(image)} works with the schema up to ${known.schema}, and the database serves ${oldest} and newer. Nothing was changed.`,
    )
}

/** What the stack and its migrations cannot do without, all of it at once. */
export function missingSecrets(
  { database, backup }: SwarmEnvironment,
  secrets: Partial<Record<SecretName, unknown>>,
): SecretName[] {
  const needed: SecretName[] = ["database-url", "database-owner-url", "jwt-secret-key"]
  if (database === "stack") needed.push("postgres-password")
  if (backup) needed.push(...BACKUP_SECRETS)
  return needed.filter((secret) => !secrets[secret])
}

function refuseMissing({ environment }: Change, secrets: CurrentSecrets) {
  const missing = missingSecrets(environment, secrets)
  if (missing.length === 0) return
  const { database, name } = environment
  const cure = database === "stack" && !missing[0]!.startsWith("backup-") ? "generate" : `set ${missing[0]}`
  throw new Refusal(
    3,
    `${name} lacks the secret${missing.length > 1 ? "s" : ""} ${missing.join(", ")}: bun run ops secrets ${name} ${cure}. Nothing was changed.`,
    { missing },
  )
}

const compose = async ({ engine, environment }: Change, image: string, secrets: CurrentSecrets) =>
  composeStack(environment, image, secrets, await engineFacts(engine.printed))

/** At the first deploy the database is not there yet: then everything but the server is brought up before. */
async function migrate(
  change: Change,
  image: string,
  secrets: CurrentSecrets,
  {
    isFirst,
    fill,
    onReached,
  }: {
    isFirst: boolean
    fill?: (() => Promise<void>) | undefined
    onReached: (migrated: Migrated) => Promise<void>
  },
) {
  const { engine, environment, stack, signal, steps } = change
  const inStack = environment.database === "stack"
  if (isFirst)
    await steps.take("first start", "Bringing the stack up for the first time", async () => {
      const composed = await compose(change, image, secrets)
      composed.services.server!.deploy.replicas = 0
      await deployStack(engine.printed, stack, composed)
      if (inStack) await untilRunning(engine, `${stack}_database`, DATABASE_SECONDS, signal)
    })
  if (fill) await steps.take("fill", "Filling the database", fill)
  if (inStack)
    await steps.take("roles", "Seeing to the database's roles", () =>
      makeRoles(engine, environment, { secrets, signal }),
    )
  await steps.take("migrate", "Migrating", async () => {
    const { applied } = await runMigrations(engine, environment, { image, secrets, signal, onReached })
    for (const name of applied) say(`  applied ${name}`)
    if (applied.length === 0) say("  nothing to apply")
  })
}

async function roll(change: Change, image: string, secrets: CurrentSecrets) {
  const { engine, environment, stack, service, signal } = change
  const runs = await findService(engine, service)
  const replicas = runs && replicasOf(runs.Spec)
  if (replicas && replicas !== environment.replicas)
    say(`${replicas} replicas run; the environment's file says ${environment.replicas}, and so it will be.`)
  await deployStack(engine.printed, stack, await compose(change, image, secrets))
  const onStep = (step: string) => say(`  ${step}`)
  refuseRollout(await watchRollout(engine, { service, image, signal, onStep }), change)
}

/** The last word is the running tasks': a success that was none is the one thing a deploy may never report. */
async function refuseOthers({ engine, service }: Change, image: string) {
  const others = (await runningImages(engine, service)).filter((running) => running !== image)
  if (others.length > 0) throw new Refusal(1, `serves beside ${others.join(", ")}.`)
}
