import { generateSecrets } from "../secrets/generate.ts"
import { keptImages } from "../swarm/images.ts"
import { check, expect } from "../testing/check.ts"
import { attempt, docker } from "../testing/engine.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { checkLooking } from "./looking.ts"
import { ops } from "./operator.ts"
import { serves, stepsOf, touchesNothing } from "./outcome.ts"
import { migrating, shipped } from "./release-images.ts"
import { removeStack } from "./remove-stack.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

/** Seconds that a rollback may take, from the command to its end. */
const MOST_SECONDS = 60

/** An earlier release is put back: on a newer schema, and while everything else is away. */
export async function checkRollback(site: Site) {
  const stack = await Stack.of(site, "rollback")
  const images = await releases(site)
  try {
    await removeStack(stack.name)
    await generateSecrets(stack.engine, stack.environment, false)
    for (const image of images.slice(0, 2)) succeeded(await ops("deploy", stack.environment.path, image))
    await checkBack(stack)
    await checkAlone(stack)
    await checkLooking(stack)
    await checkUnserved(stack)
    await checkHalfMigrated(stack)
  } finally {
    await stack.end()
  }
}

/** Three releases: the real one, one with a further table, and one that no release before it can serve. */
async function releases(site: Site): Promise<[string, string, string]> {
  const migrations = migrationsAfter(await shipped())
  return [
    site.image,
    await migrating(site, "second", migrations.slice(0, 1)),
    await migrating(site, "third", migrations),
  ]
}

const migrationsAfter = (last: number) => [
  { serves: last, text: "create table test_birds (name text);" },
  { serves: last + 1, text: "drop table test_birds;" },
]

export async function checkBack(stack: Stack) {
  const { path } = stack.environment
  const [first, second] = await releases(stack.site)
  const back = `goes back on the schema of the newer release in under ${MOST_SECONDS} s, no request failed`
  await check(back, async () => {
    const { result, line } = await underLoad(stack, () => ops("rollback", path))
    succeeded(result)
    await serves(stack, first)
    expect(
      (await stack.psql("select to_regclass('test_birds')")) === "test_birds",
      "the schema went back too",
    )
    expect(result.seconds < MOST_SECONDS, `it took ${result.seconds.toFixed(0)} s`)
    return `${stepsOf(result)}; ${line}`
  })
  await check("goes forward again by the same command, to a number", async () => {
    const done = await ops("rollback", path, "2")
    succeeded(done)
    await serves(stack, second)
    return stepsOf(done)
  })
}

export async function checkAlone(stack: Stack) {
  const { site, name } = stack
  const { path } = stack.environment
  const [first] = await releases(site)
  await check("works while the registry and the database are away", async () => {
    await docker("stop", site.registryContainer)
    await docker("service", "scale", "--detach", `${name}_database=0`)
    try {
      await stack.without("database")
      const done = await ops("rollback", path, "1")
      succeeded(done)
      await serves(stack, first)
      expect(done.seconds < MOST_SECONDS, `it took ${done.seconds.toFixed(0)} s`)
      return stepsOf(done)
    } finally {
      await docker("start", site.registryContainer)
      await docker("service", "scale", "--detach", `${name}_database=1`)
      await Bun.sleep(2000)
      await stack.settled()
    }
  })
}

export async function checkUnserved(stack: Stack) {
  const { path } = stack.environment
  const last = await shipped()
  const [first, second, third] = await releases(stack.site)
  await check("refuses a release that the schema no longer serves, and names those that work", async () => {
    succeeded(await ops("deploy", path, third))
    await touchesNothing(stack, async () => {
      const done = await ops("rollback", path, "1")
      refused(done, 3, new RegExp(`works with the schema up to ${last}, and the database serves ${last + 1}`))
      expect(/These work: 2 \(sha256:\w+\)/.test(done.said.message!), `it says: ${done.said.message}`)
      refused(await ops("deploy", path, first), 3, /the database serves/)
      refused(await ops("rollback", path, "99"), 3, /Release 99 is not on record.*These work: 2/)
      refused(await ops("rollback", path, "latest"), 2, /no release's number/)
    })
    await serves(stack, third)
    const done = await ops("rollback", path)
    succeeded(done)
    await serves(stack, second)
    return `to the one that works: ${stepsOf(done)}`
  })
  await check(
    "keeps the last three releases' images on every node, held there by a container of each",
    async () => {
      const kept = await keptImages(stack.engine, stack.name)
      expect(
        [first, second, third].every((image) => kept.includes(image)),
        `kept are ${kept.join(", ")}`,
      )
      for (const image of kept) {
        const id = await docker("image", "inspect", "--format", "{{.Id}}", image)
        const removed = await attempt("image", "rm", id)
        expect(
          /being used by running container/.test(removed.stderr),
          `${image} can be removed: ${removed.output}`,
        )
      }
    },
  )
}

async function checkHalfMigrated(stack: Stack) {
  const { path } = stack.environment
  const last = await shipped()
  const [, second] = await releases(stack.site)
  await check(
    "refuses what is not served by those migrations of a failed release that were applied",
    async () => {
      const half = await migrating(stack.site, "half-migrated", [
        ...migrationsAfter(last),
        { serves: last + 2, text: "create table test_nests (place text);" },
        { serves: last + 2, text: "select 1/0;" },
      ])
      const failed = await ops("deploy", path, half)
      refused(failed, 1, /division by zero/)
      expect(/^applied 00\d\d_\w+/m.test(failed.said.message!), `it says: ${failed.said.message}`)
      await serves(stack, second)
      refused(await ops("deploy", path, second), 3, new RegExp(`the database serves ${last + 2} and newer`))
    },
  )
}
