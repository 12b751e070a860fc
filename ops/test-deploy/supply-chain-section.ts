import { join } from "node:path"
import { exec, missingPrograms } from "../supply-chain/programs.ts"
import { type Published, publish } from "../supply-chain/publish.ts"
import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { forwardLoopback } from "../testing/forward.ts"
import { checkDistrust } from "./distrust.ts"
import { makeKeys } from "./keys.ts"
import type { Site } from "./site.ts"

/** The image's way into the registry, and who may run it: published for real, with keys of this run's own. */
export async function checkSupplyChain(site: Pick<Site, "address" | "registry" | "images" | "folder">) {
  const missing = missingPrograms("cosign", "syft")
  if (missing.length > 0)
    return check("has cosign and syft", () => Promise.reject(new Error(missing.join("\n"))))
  await using _ = await forwardLoopback(Number(site.registry.split(":")[1]), site.address)
  process.env.BUN_IMAGE ??= site.images.bun
  const keys = (name: string) => makeKeys(join(site.folder, name))
  const [ours, other, stranger] = [await keys("ours"), await keys("other"), await keys("stranger")]
  const target = { image: `${site.registry}/published`, cosign: { key: ours.public } }
  const materials = join(site.folder, "materials")
  let published: Published | undefined
  await check("publishes HEAD: built once, pushed by digest, signed", async () => {
    published = await publish(target, ours.private, materials)
    expect(/@sha256:[0-9a-f]{64}$/.test(published.image), `it is ${published.image}`)
    expect(!published.reused, "nothing was built")
    return published.steps.map(({ step, seconds }) => `${step} ${seconds} s`).join(", ")
  })
  if (!published) return
  await checkPublished(published, ours.public, materials)
  await check("takes the image of a commit that was published, and builds nothing", async () => {
    const again = await publish(target, ours.private)
    expect(again.image === published!.image, `it is ${again.image}`)
    expect(again.reused && !again.steps.some(({ step }) => step === "build"), "it was built again")
  })
  await check("builds it again when the one that is there is signed by another", async () => {
    const again = await publish({ ...target, cosign: { key: stranger.public } }, stranger.private)
    expect(!again.reused, "it was taken as it was")
  })
  await checkDistrust(published.image, { ours, other })
}

async function checkPublished(published: Published, publicKey: string, materials: string) {
  const { image, commit, version, schema, serves } = published
  await check("carries version, commit, schema and the oldest release that it serves as labels", async () => {
    await docker("pull", "--quiet", image)
    const labels = JSON.parse(await docker("image", "inspect", "--format", "{{json .Config.Labels}}", image))
    const wanted = {
      "org.opencontainers.image.version": version,
      "org.opencontainers.image.revision": commit,
      "org.docket.schema": `${schema}`,
      "org.docket.serves": `${serves}`,
    }
    for (const [label, value] of Object.entries(wanted))
      expect(labels[label] === value, `${label} is ${labels[label]}`)
  })
  await check("tells what the image is made of: Bun, Debian's packages, what is bundled", async () => {
    const base = await namesOf(join(materials, "image.spdx.json"))
    const bundled = await namesOf(join(materials, "packages.spdx.json"))
    expect(base.includes("bun") && base.includes("libc6"), `the image holds ${base.length} packages`)
    expect(bundled.includes("elysia") && bundled.includes("solid-js"), `${bundled.length} are bundled`)
    const stated = await statements(image, publicKey, "spdxjson")
    expect(stated.length === 2, `${stated.length} bills of materials stand beside it`)
    return `${base.length} packages and ${bundled.length} of npm`
  })
  await check("tells which commit it was built from, signed", async () => {
    const [statement] = await statements(image, publicKey, "slsaprovenance1")
    const { resolvedDependencies } = statement.predicate.buildDefinition
    expect(resolvedDependencies[0].digest.gitCommit === commit, JSON.stringify(resolvedDependencies))
    expect(image.endsWith(statement.subject[0].digest.sha256), "it is a statement about another image")
  })
}

async function namesOf(file: string): Promise<string[]> {
  const { packages } = (await Bun.file(file).json()) as { packages: { name: string }[] }
  return packages.map(({ name }) => name)
}

/** What is stated about `image` by whoever holds the key, as in-toto has it. */
async function statements(image: string, key: string, type: string) {
  const ran = await exec(
    "cosign",
    ["verify-attestation", `--key=${key}`, "--private-infrastructure", `--type=${type}`, image],
    { variables: { SIGSTORE_REKOR_PUBLIC_KEY: key } },
  )
  expect(ran.exitCode === 0, ran.stderr)
  return ran.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(Buffer.from(JSON.parse(line).payload, "base64").toString()))
}
