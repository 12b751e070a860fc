import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Step, Steps, say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { build, published, push } from "./build.ts"
import { missingPrograms } from "./programs.ts"
import { provenance } from "./provenance.ts"
import { billOfMaterials } from "./sbom.ts"
import { attest, needSigningKey, type SigningKey, sign } from "./sign.ts"
import { committedSources, type Sources, uncommitted } from "./sources.ts"
import { NotVerified, type Signer, verifyImage } from "./verify.ts"

/** Of an environment: where its images are, and whose signature it wants. */
type Target = { image: string; cosign?: Signer }

export type Published = Pick<Sources, "commit" | "version" | "schema" | "serves"> & {
  /** `registry/name@sha256:…`: what every environment runs. */
  image: string
  /** Whether the commit's image was there already, signed, and nothing was built. */
  reused: boolean
  steps: Step[]
}

/**
 * Builds the image of HEAD once, pushes it, and stores beside it in the registry its bill of materials, its provenance
 * and, last, its signature: an image that carries one carries all. `folder` keeps the bill of materials.
 *
 * An image of the same commit that the environment would run is taken as it is. Throws a `Refusal`; what was pushed by
 * then has no signature, and no environment runs it.
 */
export async function publish(target: Target, key: SigningKey, folder?: string): Promise<Published> {
  const missing = missingPrograms("cosign", "syft")
  if (missing.length > 0) throw new Refusal(2, missing.join("\n"))
  await needSigningKey(key)
  if (await uncommitted()) say("There are changes that are not committed: they will not be in the image.")
  await using sources = await committedSources()
  const { commit, version, schema, serves } = sources
  const tag = `${target.image}:${commit}`
  const steps = new Steps()
  const there = await steps.take("look", `Looking for ${tag}`, () => publishedAndSigned(target, sources, tag))
  // For whoever scans it: what is known to be dangerous may be more by now.
  if (there && folder)
    await steps.take("materials", "Telling what it is made of", () =>
      billOfMaterials({ tag, sources, folder }),
    )
  const image = there ?? (await publishNew(target, { sources, tag, key, folder, steps }))
  return { image, reused: there !== undefined, commit, version, schema, serves, steps: steps.done }
}

/** The image of these sources that is in the registry, if the environment would run it. */
async function publishedAndSigned(
  target: Target,
  sources: Sources,
  tag: string,
): Promise<string | undefined> {
  const digest = await published(sources, tag)
  if (!digest) return
  const image = `${target.image}@${digest}`
  try {
    await verifyImage(target, image)
    return image
  } catch (error) {
    if (error instanceof NotVerified && error.distrust !== "unknown") return
    throw error
  }
}

type Work = { sources: Sources; tag: string; key: SigningKey; folder?: string; steps: Steps }

async function publishNew(target: Target, { sources, tag, key, folder, steps }: Work): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "docket-publish-"))
  try {
    const began = new Date()
    await steps.take("build", `Building ${sources.version} of ${sources.commit}`, () => build(sources, tag))
    const ended = new Date()
    const digest = await steps.take("push", `Pushing ${tag}`, () => push(tag))
    const image = `${target.image}@${digest}`
    const materials = await steps.take("materials", "Telling what it is made of", () =>
      billOfMaterials({ tag, sources, folder: folder ?? scratch }),
    )
    const predicate = join(scratch, "provenance.json")
    await Bun.write(predicate, JSON.stringify(await provenance(sources, { began, ended })))
    // One after the other: each is added to what the registry holds beside the image.
    await steps.take("sign", `Signing ${image}`, async () => {
      await attest(image, "spdxjson", materials.image, key)
      await attest(image, "spdxjson", materials.packages, key)
      await attest(image, "slsaprovenance1", predicate, key)
      await sign(image, key)
    })
    await steps.take("verify", "Verifying it as a deploy does", () => verifyImage(target, image))
    return image
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
