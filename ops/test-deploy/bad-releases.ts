import { check, expect } from "../testing/check.ts"
import type { Done } from "../testing/running-command.ts"
import { refused } from "../testing/running-command.ts"
import { ops } from "./operator.ts"
import { serves } from "./outcome.ts"
import { crashing, endsInUse, migrating, neverHealthy, shipped, withoutScripts } from "./release-images.ts"
import type { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

/** Requests that were being answered by a process that ends: 200 a second, of which each replica has half. */
const SOME = 150

/** Releases that are wrong, each in a way of its own, upon the site's image, which runs. */
export async function checkBadReleases(stack: Stack) {
  const { site } = stack
  await check("an image that never becomes healthy is tried out, and never rolled out", async () =>
    notRolledOut(stack, await neverHealthy(site), /did not stay up: .*unhealthy/),
  )
  await check("an image that ends after 20 s is tried out, and never rolled out", async () =>
    notRolledOut(stack, await crashing(site), /did not stay up: [\s\S]*out of luck/),
  )
  await check(
    "an image that ends once people are sent to it is taken back, and what it cost is counted",
    async () => takenBack(stack, await endsInUse(site), /did not stay up: [\s\S]*out of luck/, SOME),
  )
  await check("an image that is healthy but fails the smoke test is taken back", async () =>
    takenBack(stack, await withoutScripts(site), /fails the smoke test:\n {2}page: /),
  )
  await checkBadMigration(stack)
}

export async function checkBadMigration(stack: Stack) {
  const { site } = stack
  await check("an image whose migration fails is never rolled out", async () => {
    const bad = await migrating(site, "bad-migration", [{ serves: await shipped(), text: "select 1/0;" }])
    const reason = /was not rolled out: The migrations .* failed[\s\S]*division by zero[\s\S]*runs, untouched/
    return harmless(stack, bad, 1, reason)
  })
}

async function notRolledOut(stack: Stack, bad: string, reason: RegExp): Promise<string> {
  const back = /Nobody was sent to it, and it was not rolled out: sha256:\w{12} \(release \d+\) runs\./
  return harmless(stack, bad, 4, new RegExp(`${reason.source}[\\s\\S]*${back.source}`))
}

async function takenBack(stack: Stack, bad: string, reason: RegExp, mostFailed = 0): Promise<string> {
  const back = /It was taken back: sha256:\w{12} \(release \d+\) runs\./
  return harmless(stack, bad, 4, new RegExp(`${reason.source}[\\s\\S]*${back.source}`), mostFailed)
}

/** Deploys a bad image under load: nobody notices, what ran runs, and the command told says why. */
async function harmless(
  stack: Stack,
  bad: string,
  code: number,
  reason: RegExp,
  mostFailed = 0,
): Promise<string> {
  const { result, line } = await underLoad(
    stack,
    () => ops("deploy", stack.environment.path, bad),
    mostFailed,
  )
  refused(result, code, reason)
  await serves(stack, stack.site.image)
  expect(result.said.running === stack.site.image, `it says that ${result.said.running} runs`)
  await tellsWhy(stack, result)
  return `after ${result.seconds.toFixed(0)} s; ${line}`
}

/** Runs the command that the message names. */
async function tellsWhy(stack: Stack, { said }: Done) {
  const named = /See why: bun run ops logs \S+ (--\S+ \S+)$/m.exec(said.message!)?.[1]
  expect(named !== undefined, `how to see why is not said: ${said.message}`)
  const logs = await ops("logs", stack.environment.path, ...named.split(" "))
  expect(logs.exitCode === 0, `${named} fails: ${logs.said.message}`)
  expect((logs.said.lines as string[]).length > 0, `${named} shows nothing`)
}
