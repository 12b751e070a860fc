import { generateSecrets } from "../secrets/generate.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { checkBadReleases } from "./bad-releases.ts"
import { foreignImage } from "./images.ts"
import { ops, startOps } from "./operator.ts"
import { outcomes, serves, stepsOf, taskIds, touchesNothing } from "./outcome.ts"
import { another } from "./release-images.ts"
import { removeStack } from "./remove-stack.ts"
import { checkSignatures } from "./signatures.ts"
import type { Site } from "./site.ts"
import { Stack } from "./stack.ts"
import { underLoad } from "./under-load.ts"

/** A release is made by one command; one that is wrong is seen, taken back without a failed request, and named. */
export async function checkDeploys(site: Site) {
  const stack = await Stack.of(site, "deploys")
  try {
    await removeStack(stack.name)
    await checkFirst(stack)
    await checkNext(stack)
    await checkBadReleases(stack)
    await checkRefusals(stack)
    await checkSignatures(stack)
    await check("every release is on record with what came of it", async () => {
      const wanted = [
        ...Array(4).fill("succeeded"),
        "failed",
        "failed",
        ...Array(2).fill("taken back"),
        "failed",
        "succeeded",
      ].join(", ")
      const found = await outcomes(stack)
      expect(found === wanted, `they are: ${found}`)
    })
  } finally {
    await stack.end()
  }
}

export async function checkFirst(stack: Stack) {
  const { path } = stack.environment
  await check("without its secrets nothing is begun, and they are named", () =>
    touchesNothing(stack, async () => {
      const done = await ops("deploy", path, stack.site.image)
      refused(done, 3, /lacks the secrets database-url, .*database-owner-url.* Nothing was changed/)
    }),
  )
  await check("the first release comes up by one command", async () => {
    await generateSecrets(stack.engine, stack.environment, false)
    const done = await ops("deploy", path, stack.site.image)
    succeeded(done)
    await serves(stack, stack.site.image)
    return stepsOf(done)
  })
}

export async function checkNext(stack: Stack) {
  const { site } = stack
  const { path } = stack.environment
  await check("the next one replaces it with no failed request, and no other task is touched", async () => {
    const next = await another(site, "next")
    const others = ["database", "traefik", "socket-proxy"]
    const before = await taskIds(stack, others)
    const { result, line } = await underLoad(stack, () => ops("deploy", path, next))
    succeeded(result)
    await serves(stack, next)
    expect(
      (await taskIds(stack, others)) === before,
      "the database, Traefik or the proxy runs in another task",
    )
    succeeded(await ops("deploy", path, site.image))
    return `${stepsOf(result)}; ${line}`
  })
  await check("the same image again touches no task", async () => {
    const all = ["server", "database", "traefik", "socket-proxy"]
    const before = await taskIds(stack, all)
    const done = await ops("deploy", path, site.image)
    succeeded(done)
    expect((await taskIds(stack, all)) === before, "a task is another")
    return stepsOf(done)
  })
  await check("a dry run changes nothing, and says what would be done", () =>
    touchesNothing(stack, async () => {
      const done = await ops("deploy", path, await another(site, "next"), "--dry-run")
      succeeded(done)
      expect(/It would replace sha256:/.test(String(done.said.plan)), `it says: ${done.said.plan}`)
    }),
  )
}

export async function checkRefusals(stack: Stack) {
  const { site } = stack
  const { path } = stack.environment
  const repository = site.image.split("@")[0]!
  const refusedUntouched = (image: string, code: number, reason: RegExp) =>
    touchesNothing(stack, async () => {
      refused(await ops("deploy", path, image), code, reason)
      await serves(stack, site.image)
    })
  await check("an image for another kind of processor is refused", async () => {
    const foreign = await foreignImage(site.image, process.arch === "arm64" ? "amd64" : "arm64")
    await refusedUntouched(foreign, 2, /was built for linux\/\w+, and the node .* is linux\//)
    const left = await docker("image", "ls", "--quiet", "--digests", "--filter", `reference=${foreign}`)
    expect(left === "", "it is left on the node")
  })
  await check("a tag, another repository's image, and an unknown environment are refused", async () => {
    await refusedUntouched(`${repository}:built`, 2, /is not a digest/)
    await refusedUntouched(`ghcr.io/owner/other@${site.image.split("@")[1]}`, 2, /is not of /)
    refused(await ops("deploy", "stagging", site.image), 2, /no environment "stagging"/)
  })
  await check("a digest that the registry does not have, or no registry, changes nothing", async () => {
    const nothing = `${repository}@sha256:${"0".repeat(64)}`
    await refusedUntouched(nothing, 1, /can't fetch .* Nothing was changed/)
    await docker("stop", site.registryContainer)
    try {
      await refusedUntouched(nothing, 1, /can't fetch .* Nothing was changed/)
    } finally {
      await docker("start", site.registryContainer)
    }
  })
  await check("an engine that can't be reached is named", async () => {
    const done = await startOps(["deploy", path, site.image], { DOCKER_HOST: "tcp://127.0.0.1:1" }).done
    refused(done, 1, /engine at tcp:\/\/127.0.0.1:1 can't be reached/)
  })
}
