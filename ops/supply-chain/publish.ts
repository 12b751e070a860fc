import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bytes } from "../backup/pace.ts"
import { type Step, Steps, say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { build, published, push, sizeOf } from "./build.ts"
import { missingPrograms } from "./programs.ts"
import { provenance } from "./provenance.ts"
import {
  type Companion,
  companionRecipe,
  companions,
  type ImageName,
  type Recipe,
  serverRecipe,
} from "./recipes.ts"
import { billOfMaterials } from "./sbom.ts"
import { attest, needSigningKey, type SigningKey, sign } from "./sign.ts"
import { committedSources, type Sources, uncommitted } from "./sources.ts"
import { NotVerified, type Signer, verifyImage } from "./verify.ts"

/** Of an environment: where its images are, and whose signature it wants. */
type Target = { image: string; cosign?: Signer }

export type PublishedImage = {
  name: ImageName
  /** `registry/name@sha256:…`. */
  image: string
  /** Whether it was there already, signed, and nothing was built. */
  reused: boolean
  /** What it takes on an engine, its base included. */
  bytes: number
}

export type Published = Pick<Sources, "commit" | "version" | "schema" | "serves"> & {
  /** The server's: what every environment runs. */
  image: string
  /** The companions', then the server's, whose labels name them. */
  images: PublishedImage[]
  steps: Step[]
}

/**
 * Publishes the images of HEAD: for each that is not there yet, builds it once, runs it for a moment, pushes it, and stores
 * beside it in the registry its bill of materials, its provenance and, last, its signature: an image that carries one
 * carries all. `folder` keeps the bills of materials.
 *
 * The server's is there when it is of the same commit, and a companion's when nothing that it is made of has changed. The
 * server's comes last and names the others, so whoever has it has all. Throws a `Refusal`; what was pushed by then and
 * has no signature is run by no environment.
 */
export async function publish(target: Target, key: SigningKey, folder?: string): Promise<Published> {
  const missing = missingPrograms("cosign", "syft")
  if (missing.length > 0) throw new Refusal(2, missing.join("\n"))
  await needSigningKey(key)
  if (await uncommitted()) say("There are changes that are not committed: they will not be in the images.")
  await using sources = await committedSources()
  const steps = new Steps()
  const work = { target, sources, key, folder, steps }
  const images: PublishedImage[] = []
  const digests = {} as Record<Companion, string>
  for (const name of companions) {
    const image = await publishImage(await companionRecipe(target.image, sources, name), work)
    images.push(image)
    digests[name] = image.image.split("@")[1]!
  }
  const server = await publishImage(serverRecipe(target.image, sources, digests), work)
  const { commit, version, schema, serves } = sources
  return {
    image: server.image,
    images: [...images, server],
    commit,
    version,
    schema,
    serves,
    steps: steps.done,
  }
}

type Work = { target: Target; sources: Sources; key: SigningKey; folder: string | undefined; steps: Steps }

async function publishImage(recipe: Recipe, work: Work): Promise<PublishedImage> {
  const { name, tag } = recipe
  const { target, sources, folder, steps } = work
  const there = await steps.take(`${name}: look`, `Looking for ${tag}`, () =>
    publishedAndSigned(target, recipe),
  )
  // For whoever scans it: what is known to be dangerous may be more by now.
  if (there && folder)
    await steps.take(`${name}: materials`, "Telling what it is made of", () =>
      billOfMaterials(recipe, { folder, version: sources.version }),
    )
  const image = there ?? (await publishNew(recipe, work))
  const size = await sizeOf(tag)
  say(`${image} is ${there ? "there already, signed: nothing was built" : "published"}, ${bytes(size)}`)
  return { name, image, reused: there !== undefined, bytes: size }
}

/** The recipe's image that is in the registry, if the environment would run it. */
async function publishedAndSigned(target: Target, recipe: Recipe): Promise<string | undefined> {
  const digest = await published(recipe)
  if (!digest) return
  const image = named(recipe, digest)
  try {
    await verifyImage(target, image)
    return image
  } catch (error) {
    if (error instanceof NotVerified && error.distrust !== "unknown") return
    throw error
  }
}

/** By digest, without the tag. */
const named = ({ tag }: Recipe, digest: string) => `${tag.slice(0, tag.lastIndexOf(":"))}@${digest}`

async function publishNew(recipe: Recipe, work: Work): Promise<string> {
  const { name, tag } = recipe
  const { target, sources, key, folder, steps } = work
  const scratch = await mkdtemp(join(tmpdir(), "docket-publish-"))
  try {
    const began = new Date()
    await steps.take(`${name}: build`, `Building the ${name} of ${sources.version}, ${sources.commit}`, () =>
      build(recipe),
    )
    const ended = new Date()
    const digest = await steps.take(`${name}: push`, `Pushing ${tag}`, () => push(tag))
    const image = named(recipe, digest)
    const materials = await steps.take(`${name}: materials`, "Telling what it is made of", () =>
      billOfMaterials(recipe, { folder: folder ?? scratch, version: sources.version }),
    )
    const predicate = join(scratch, "provenance.json")
    await Bun.write(predicate, JSON.stringify(await provenance(sources, { began, ended })))
    // One after the other: each is added to what the registry holds beside the image.
    await steps.take(`${name}: sign`, `Signing ${image}`, async () => {
      await attest(image, "spdxjson", materials.image, key)
      if (materials.packages) await attest(image, "spdxjson", materials.packages, key)
      await attest(image, "slsaprovenance1", predicate, key)
      await sign(image, key)
    })
    await steps.take(`${name}: verify`, "Verifying it as a deploy does", () => verifyImage(target, image))
    return image
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
