import { join } from "node:path"
import { attempt, docker, fetchImage } from "../testing/engine.ts"

const repository = join(import.meta.dir, "../..")

/** The names of images, each of which a variable of the environment may change. */
export type Images = Record<keyof typeof publicImages, string>

const publicImages = {
  bun: "oven/bun:1.4.5-slim",
  postgres: "postgres:18-trixie",
  traefik: "traefik:v3.6.12",
  haproxy: "haproxy:3.2-trixie",
  registry: "registry:2",
  pebble: "ghcr.io/letsencrypt/pebble:latest",
}

/** Has every image that the test needs on the engine. HAProxy's is built where it cannot be pulled, and said so. */
export async function fetchImages(): Promise<Images> {
  const images = Object.fromEntries(
    Object.entries(publicImages).map(([name, image]) => [
      name,
      process.env[`${name.toUpperCase()}_IMAGE`] ?? image,
    ]),
  ) as Images
  for (const [name, image] of Object.entries(images)) {
    if (name !== "haproxy") await fetchImage(image)
    else await fetchImage(image).catch(() => buildHaproxy(image, images.bun))
  }
  return images
}

async function buildHaproxy(image: string, base: string) {
  console.log(`${image} cannot be pulled: one is built from Debian's package, on ${base}.`)
  const folder = join(import.meta.dir, "haproxy")
  await docker("build", "--quiet", "--build-arg", `BASE=${base}`, "--tag", image, folder)
}

/**
 * Builds the server's image as the Dockerfile says and pushes it to `registry`, which the engine reaches. Returns
 * its name by digest, as it is deployed.
 */
export async function buildServer(registry: string, base: string): Promise<string> {
  const { version } = await Bun.file(join(repository, "package.json")).json()
  const values = { BUN_IMAGE: base, VERSION: version, COMMIT: "0".repeat(40) }
  const flags = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])
  const name = `${registry}/docket:built`
  await docker("build", "--quiet", ...flags, "--tag", name, repository)
  return push(name)
}

/** Builds the tools image as ops/backup/Dockerfile says and pushes it to `registry`; returns its name by digest. */
export async function buildTools(registry: string, { bun, postgres }: Pick<Images, "bun" | "postgres">) {
  const name = `${registry}/docket-tools:built`
  const flags = ["--build-arg", `BUN_IMAGE=${bun}`, "--build-arg", `POSTGRES_IMAGE=${postgres}`]
  const file = join(repository, "ops/backup/Dockerfile")
  await docker("build", "--quiet", ...flags, "--file", file, "--tag", name, repository)
  return push(name)
}

/** Builds another release upon `image`, by `lines` of a Dockerfile, and returns its name by digest. */
export async function deriveServer(image: string, tag: string, lines: string[]): Promise<string> {
  const name = `${image.split("@")[0]}:${tag}`
  // Bases are asked for by tag: a digest would be looked up in the registry by the builder, which is not the engine.
  await build(name, [`FROM ${image.split("@")[0]}:built`, ...lines])
  return push(name)
}

/** An image for another kind of processor: nothing but a label. Returns its name by digest. */
export async function foreignImage(image: string, architecture: string): Promise<string> {
  const name = `${image.split("@")[0]}:${architecture}`
  await build(
    name,
    ["FROM scratch", `LABEL test.release=${architecture}`],
    [`--platform=linux/${architecture}`],
  )
  const digest = await push(name)
  // As it would be: nobody has pulled it yet.
  await docker("image", "rm", name)
  return digest
}

async function build(name: string, lines: string[], flags: string[] = []) {
  const child = Bun.spawn(["docker", "build", "--quiet", ...flags, "--tag", name, "-"], {
    env: process.env,
    stdin: new Blob([[...lines, ""].join("\n")]),
    stdout: "ignore",
    stderr: "pipe",
  })
  const [complaint, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (exitCode !== 0) throw new Error(`${name} could not be built: ${complaint.slice(-2000)}`)
}

async function push(name: string): Promise<string> {
  await docker("push", "--quiet", name)
  const repositoryName = name.slice(0, name.lastIndexOf(":"))
  const digests: string[] = JSON.parse(
    (await attempt("image", "inspect", "--format", "{{json .RepoDigests}}", name)).stdout,
  )
  const digest = digests.find((candidate) => candidate.startsWith(`${repositoryName}@`))
  if (!digest) throw new Error(`${name} has no digest after it was pushed: ${digests.join(", ")}`)
  return digest
}
