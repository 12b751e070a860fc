import { check, expect } from "../testing/check.ts"
import type { Running } from "../testing/running-command.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { lastRelease, untilMigrating, untilRolling } from "./half-way.ts"
import { ops, startOps } from "./operator.ts"
import { serves } from "./outcome.ts"
import { another, endsInUse, migrating, shipped } from "./release-images.ts"
import type { Stack } from "./stack.ts"

/** Deploys that are killed or stopped half-way; before and after each the site's image, or the last good one, runs. */
export async function checkInterrupted(stack: Stack) {
  await checkWhileMigrating(stack)
  await checkWhileRolling(stack)
}

export async function checkWhileMigrating(stack: Stack) {
  const { path } = stack.environment
  const slow = await migrating(stack.site, "slow-migration", [
    { serves: await shipped(), text: "select pg_sleep(40); create table test_slow (name text);" },
  ])
  const before = await runs(stack)
  const unharmed = async () => {
    await serves(stack, before)
    expect((await lastRelease(stack)).outcome === "undone", `it was ${(await lastRelease(stack)).outcome}`)
    expect((await stack.psql("select to_regclass('test_slow')")) === "", "the migration was applied")
    await untilAwake(stack)
  }
  await check(
    "killed (kill -9) while migrating: the next command names what was half-made, and undoes it",
    async () => {
      const deploy = startOps(["deploy", path, slow])
      await untilMigrating(stack)
      await untilAsleep(stack)
      await kill(deploy)
      await namedByStatus(stack, "migrating")
      const next = await ops("scale", path, "1")
      succeeded(next)
      expect(
        /Release \d+ \(sha256:\w+\), begun by .*, was left half-made while migrating/.test(next.told),
        next.told,
      )
      expect(/It is undone: nothing of it had served/.test(next.told), next.told)
      await unharmed()
      return `${next.seconds.toFixed(0)} s`
    },
  )
  await check("Ctrl-C while migrating: undone, and said so", async () => {
    const deploy = startOps(["deploy", path, slow])
    await untilMigrating(stack)
    await untilAsleep(stack)
    const stopped = performance.now()
    deploy.signal("SIGINT")
    const done = await deploy.done
    refused(
      done,
      130,
      /^Interrupted\. Release \d+ \(sha256:\w+\) was undone; sha256:\w+ \(release \d+\) runs\.$/,
    )
    await unharmed()
    return `${((performance.now() - stopped) / 1000).toFixed(0)} s`
  })
}

export async function checkWhileRolling(stack: Stack) {
  const { path } = stack.environment
  await check("killed while rolling a good release: the next command finishes it", async () => {
    const good = await another(stack.site, "finished")
    const deploy = startOps(["deploy", path, good])
    await untilRolling(stack, good)
    await kill(deploy)
    await namedByStatus(stack, "rolling")
    const next = await ops("scale", path, "1")
    succeeded(next)
    expect(/was left half-made while rolling/.test(next.told), next.told)
    expect(/It is finished: release \d+ runs/.test(next.told), next.told)
    await serves(stack, good)
    expect((await lastRelease(stack)).outcome === "succeeded", "it is not on record as succeeded")
    return `${next.seconds.toFixed(0)} s`
  })
  await check("killed while rolling a bad release: the next command undoes it", async () => {
    const before = await runs(stack)
    const bad = await endsInUse(stack.site)
    const deploy = startOps(["deploy", path, bad])
    await untilRolling(stack, bad)
    await kill(deploy)
    const next = await ops("scale", path, "1")
    succeeded(next)
    expect(/was left half-made while rolling/.test(next.told), next.told)
    expect(/It is undone: sha256:\w+ \(release \d+\) runs/.test(next.told), next.told)
    await serves(stack, before)
    expect((await lastRelease(stack)).outcome !== "succeeded", "it is on record as succeeded")
    return `${next.seconds.toFixed(0)} s`
  })
  await check("Ctrl-C while rolling: undone, and said so", async () => {
    const before = await runs(stack)
    const next = await another(stack.site, "interrupted")
    const deploy = startOps(["deploy", path, next])
    await untilRolling(stack, next)
    const stopped = performance.now()
    deploy.signal("SIGINT")
    refused(
      await deploy.done,
      130,
      /^Interrupted\. Release \d+ \(sha256:\w+\) was undone; sha256:\w+ .* runs\.$/,
    )
    await serves(stack, before)
    expect((await lastRelease(stack)).outcome === "undone", "it is not on record as undone")
    return `${((performance.now() - stopped) / 1000).toFixed(0)} s`
  })
}

/** The image that the stack's server has by its specification. */
export async function runs(stack: Stack): Promise<string> {
  return (await stack.service("server")).Spec.TaskTemplate.ContainerSpec.Image
}

async function kill(running: Running) {
  running.signal("SIGKILL")
  const { exitCode } = await running.done
  expect(exitCode !== 0, "it had ended before it was killed")
  for (let tries = 0; running.processes() !== ""; tries++) {
    expect(tries < 50, `still there: ${running.processes()}`)
    await Bun.sleep(100)
  }
}

async function namedByStatus(stack: Stack, phase: string) {
  const { said } = await ops("status", stack.environment.path)
  const halfMade = said.halfMade as { phase: string } | null
  expect(halfMade?.phase === phase, `status says: ${JSON.stringify(said)}`)
  expect((said.holder as { alive: boolean } | null)?.alive === false, "the holder is taken to be alive")
}

const migratingSessions = (stack: Stack) =>
  stack.psql(
    "select count(*) from pg_stat_activity where query like '%test_slow%' and pid <> pg_backend_pid()",
  )

async function untilAsleep(stack: Stack) {
  for (let tries = 0; (await migratingSessions(stack)) === "0"; tries++) {
    if (tries > 60) throw new Error("The migration does not begin")
    await Bun.sleep(250)
  }
}

/** PostgreSQL looks every two seconds whether who asked is still there. */
async function untilAwake(stack: Stack) {
  for (let tries = 0; (await migratingSessions(stack)) !== "0"; tries++) {
    if (tries > 20) throw new Error("The migration is still at work in the database")
    await Bun.sleep(250)
  }
}
