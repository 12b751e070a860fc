import { generateSecrets } from "../secrets/generate.ts"
import { listReleases } from "../swarm/release-records.ts"
import { runningImages } from "../swarm/rollout.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { builtFor } from "./images.ts"
import { type Done, ops } from "./operator.ts"
import { another, crashing, migrating, neverHealthy, shipped, withoutScripts } from "./release-images.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { withLoad } from "./with-load.ts"

/** What is wrong with a release is seen, taken back without a failed request, and said. */
export async function checkDeploys(site: Site) {
  const stack = await Stack.of(site, "deploys")
  const { path } = stack.environment
  const good = site.image
  try {
    await stack.remove()
    await check("without its secrets nothing is begun, and they are named", async () => {
      const done = await ops("deploy", path, good)
      refused(done, 3, /lacks the secrets .*jwt-secret-key/)
      expect((await stack.services()).length === 0, "a service was made")
    })
    await generateSecrets(stack.engine, stack.environment, false)
    await check("the first release comes up with one command", async () => {
      const done = await ops("deploy", path, good)
      succeeded(done)
      await serves(stack, good)
      return steps(done)
    })
    await check("the next release replaces it with no failed request, and no other task is touched", async () => {
      const next = await another(site, "next")
      const before = await otherTasks(stack)
      const { result, report } = await withLoad(site, () => ops("deploy", path, next))
      succeeded(result)
      await serves(stack, next)
      expect(report.failed === 0, `${report.line}: ${report.kinds}`)
      expect((await otherTasks(stack)) === before, "the database's, Traefik's or the proxy's task is another")
      await ops("deploy", path, good)
      return `${steps(result)}; ${report.line}`
    })

    await check("an image that never becomes healthy is taken back", async () =>
      takenBack(stack, await neverHealthy(site), /did not stay up: .*unhealthy/),
    )
    await check("an image that ends after 20 s is taken back", async () =>
      takenBack(stack, await crashing(site), /did not stay up: [\s\S]*out of luck/),
    )
    await check("an image that is healthy but fails the smoke test is taken back", async () =>
      takenBack(stack, await withoutScripts(site), /fails the smoke test:\n {2}page: /),
    )
    await check("an image whose migration fails is never rolled out", async () => {
      const text = "select 1/0;"
      const bad = await migrating(site, "bad-migration", [{ serves: await shipped(), text }])
      const { result, report } = await withLoad(site, () => ops("deploy", path, bad))
      refused(result, 1, /was not rolled out: The migrations .* failed[\s\S]*division by zero[\s\S]*runs, untouched/)
      await unharmed(stack, result, report)
      return `after ${result.seconds.toFixed(0)} s; ${report.line}`
    })

    await check("an image for another kind of processor is refused", async () => {
      const foreign = await builtFor(site, process.arch === "arm64" ? "amd64" : "arm64")
      refused(await ops("deploy", path, foreign), 2, /was built for linux\/\w+, and the node .* is linux\//)
      await serves(stack, good)
    })
    await check("an image that the registry does not have, or no registry, changes nothing", async () => {
      const nothing = `${good.split("@")[0]}@sha256:${"0".repeat(64)}`
      refused(await ops("deploy", path, nothing), 1, /can't fetch .* Nothing was changed/)
      await docker("stop", site.registryContainer)
      try {
        refused(await ops("deploy", path, nothing), 1, /can't fetch .* Nothing was changed/)
      } finally {
        await docker("start", site.registryContainer)
      }
      await serves(stack, good)
    })
    await check("each of them is on record, and what was said is what was done", async () => {
      const outcomes = (await listReleases(stack.engine, stack.name)).map(({ outcome }) => outcome)
      const wanted = ["succeeded", "succeeded", "succeeded", "taken back", "taken back", "taken back", "failed"]
      expect(outcomes.join() === wanted.join(), outcomes.join(", "))
    })
  } finally {
    await stack.end()
  }
}

/** Deploys a bad image under load, and holds what came of it against what was promised. */
async function takenBack(stack: Stack, bad: string, reason: RegExp): Promise<string> {
  const { result, report } = await withLoad(stack.site, () => ops("deploy", stack.environment.path, bad))
  refused(result, 4, reason)
  expect(/It was taken back: sha256:\w+ \(release \d+\) runs\./.test(result.said.message!), "what runs is not said")
  const see = /See why: bun run ops (logs \S+ --release \d+)/.exec(result.said.message!)
  expect(see !== null, "how to see why is not said")
  await unharmed(stack, result, report)
  const logs = await ops("logs", stack.environment.path, ...see[1]!.split(" ").slice(2))
  expect(logs.exitCode === 0, `what it says to do fails: ${logs.said.message}`)
  return `after ${result.seconds.toFixed(0)} s; ${report.line}`
}

async function unharmed(stack: Stack, { said }: Done, report: { failed: number; line: string; kinds: string }) {
  await serves(stack, stack.site.image)
  expect(said.running === stack.site.image, `it says that ${said.running} runs`)
  expect(report.failed === 0, `${report.line}: ${report.kinds}`)
}

export function succeeded({ exitCode, said, told }: Done) {
  expect(exitCode === 0 && said.ok, `it ended with ${exitCode}: ${said.message}\n${told}`)
}

export function refused({ exitCode, said, told }: Done, code: number, reason: RegExp) {
  expect(exitCode === code, `it ended with ${exitCode}, not ${code}: ${said.message}\n${told}`)
  expect(said.ok === false && said.code === code, "its JSON says something else than its exit code")
  expect(reason.test(said.message ?? ""), `it says: ${said.message}`)
}

export async function serves(stack: Stack, image: string) {
  const running = await runningImages(stack.engine, `${stack.name}_server`)
  expect(running.join() === image, `${running.join(", ") || "nothing"} runs`)
}

const steps = ({ said }: Done) =>
  (said.steps as { step: string; seconds: number }[])
    .map(({ step, seconds }) => `${step} ${seconds} s`)
    .concat(`all ${said.seconds} s`)
    .join(", ")

/** The ids of the running tasks beside the server's. */
async function otherTasks(stack: Stack): Promise<string> {
  const ids = await Promise.all(
    ["database", "traefik", "socket-proxy"].map((name) =>
      docker("service", "ps", "--quiet", "--filter", "desired-state=running", `${stack.name}_${name}`),
    ),
  )
  return ids.join()
}
