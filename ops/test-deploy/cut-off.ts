import { openDialSocket } from "../swarm/dial-socket.ts"
import { breakableSocket } from "../testing/breakable-socket.ts"
import { check, expect } from "../testing/check.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { lastRelease, untilMigrating, untilRolling } from "./half-way.ts"
import { runs } from "./interrupted.ts"
import { ops, startOps } from "./operator.ts"
import { serves } from "./outcome.ts"
import { another, migrating, shipped } from "./release-images.ts"
import type { Stack } from "./stack.ts"

/** Seconds of trying again, and as many for what goes with it on a busy machine. */
const MOST_SECONDS = 30

/** Deploys whose connection to the engine is lost half-way, for good. */
export async function checkCutOff(stack: Stack) {
  await check(
    "cut off while rolling: it says that it is half-way, and the next command finishes it",
    async () => {
      const image = await another(stack.site, "cut-off")
      const cut = await cutOff(stack, image, () => untilRolling(stack, image))
      const next = await ops("scale", stack.environment.path, "1")
      succeeded(next)
      expect(/was left half-made while rolling/.test(next.told), next.told)
      expect(/It is finished: release \d+ runs/.test(next.told), next.told)
      await serves(stack, image)
      return `told after ${cut.toFixed(0)} s, finished in ${next.seconds.toFixed(0)} s`
    },
  )
  await check("cut off while migrating: the next command undoes it", async () => {
    const before = await runs(stack)
    const text = "select pg_sleep(40); create table test_cut_off (name text);"
    const image = await migrating(stack.site, "cut-off-migration", [{ serves: await shipped(), text }])
    const cut = await cutOff(stack, image, () => untilMigrating(stack))
    const next = await ops("scale", stack.environment.path, "1")
    succeeded(next)
    expect(/was left half-made while migrating/.test(next.told), next.told)
    expect((await lastRelease(stack)).outcome === "undone", "it is not on record as undone")
    expect((await stack.psql("select to_regclass('test_cut_off')")) === "", "the migration was applied")
    await serves(stack, before)
    return `told after ${cut.toFixed(0)} s`
  })
}

/** Deploys `image` through a socket that is taken away when `moment` has come. Returns the seconds until it gave up. */
async function cutOff(stack: Stack, image: string, moment: () => Promise<void>): Promise<number> {
  const door = await openDialSocket(process.env.DOCKER_HOST)
  const line = await breakableSocket(door.path)
  const variables = { DOCKER_HOST: `unix://${line.path}` }
  const deploy = startOps(["deploy", stack.environment.path, image], variables)
  await moment()
  const cut = performance.now()
  line.cut()
  const done = await deploy.done
  await door.close()
  refused(
    done,
    5,
    /is half-made, (rolling|migrating): The Docker engine .*can't be reached.*\nThe next command finishes or undoes it/,
  )
  const seconds = (performance.now() - cut) / 1000
  expect(seconds < MOST_SECONDS, `it said so after ${seconds.toFixed(0)} s`)
  return seconds
}
