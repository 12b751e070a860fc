import { join } from "node:path"
import { sign } from "../supply-chain/sign.ts"
import { check, expect } from "../testing/check.ts"
import { forwardLoopback } from "../testing/forward.ts"
import { refused, succeeded } from "../testing/running-command.ts"
import { writeEnvironment } from "./environment-file.ts"
import { makeKeys } from "./keys.ts"
import { ops } from "./operator.ts"
import { serves, touchesNothing } from "./outcome.ts"
import { another } from "./release-images.ts"
import type { Stack } from "./stack.ts"

/** A deploy runs what was signed by whom the environment names, and nothing else; at the end the site's image runs. */
export async function checkSignatures(stack: Stack) {
  const { site } = stack
  await using _ = await forwardLoopback(Number(site.registry.split(":")[1]), site.address)
  const [ours, other] = await Promise.all(
    ["signing", "another-signing"].map((name) => makeKeys(join(site.folder, name))),
  )
  const environment = (name: string, cosign: object | undefined) =>
    writeEnvironment(site, name, { stack: stack.name, cosign })
  const path = await environment("signed", { key: ours!.public })
  const refusedUntouched = async (image: string, reason: RegExp, file = path, code = 3) =>
    touchesNothing(stack, async () => refused(await ops("deploy", file, image), code, reason))

  await check("an image without a signature is refused", async () =>
    refusedUntouched(await another(site, "unsigned"), /carries no signature/),
  )
  await check("an image that another has signed is refused", async () => {
    const image = await another(site, "signed-by-another")
    await sign(image, other!.private)
    await refusedUntouched(image, /is signed, but not by the key/)
  })
  await check("an environment that does not say whose signature counts is refused, by name", async () => {
    const silent = await environment("silent", undefined)
    await refusedUntouched(site.image, /silent\.toml has no \[cosign\]/, silent, 2)
    refused(await ops("publish", silent, "--key", ours!.private), 2, /silent\.toml has no \[cosign\]/)
    const template = {
      identity: "https://github.com/OWNER/docket/w.yml@refs/heads/main",
      issuer: "https://a.b",
    }
    const untouched = await environment("template", template)
    await refusedUntouched(site.image, /still says OWNER/, untouched, 2)
  })
  await check("an image that was signed is deployed, and whose signature it is is said", async () => {
    await sign(site.image, ours!.private)
    const done = await ops("deploy", path, site.image)
    succeeded(done)
    expect(/was signed by the key/.test(done.told), `it says: ${done.told}`)
    await serves(stack, site.image)
  })
}
