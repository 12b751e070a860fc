import { Refusal } from "../refusal.ts"
import { exec, type Ran } from "./programs.ts"
import type { Sources } from "./sources.ts"

/** Seconds. Nothing cached, on two cores, is a tenth of it. */
const BUILD_PATIENCE = 900
const PUSH_PATIENCE = 600

/** What the image says of itself: an operator reads it by `docker image inspect`, a deploy before it runs anything. */
const labelsOf = ({ schema, serves, destructive }: Sources) => ({
  "org.docket.schema": `${schema}`,
  "org.docket.serves": `${serves}`,
  "org.docket.destructive": destructive.join(","),
})

/** Builds the sources as `tag`. BUN_IMAGE names another base, as a mirror's. */
export async function build(sources: Sources, tag: string) {
  const { BUN_IMAGE } = process.env
  const values = { VERSION: sources.version, COMMIT: sources.commit, ...(BUN_IMAGE && { BUN_IMAGE }) }
  const flags = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])
  for (const [name, value] of Object.entries(labelsOf(sources))) flags.push("--label", `${name}=${value}`)
  // BuildKit's own attestations would make an index of the image; ours are signed and stand beside it.
  const args = ["build", "--provenance=false", "--sbom=false", ...flags, "--tag", tag, sources.folder]
  await docker(args, BUILD_PATIENCE, "The image could not be built. Nothing was published.")
}

/** Pushes `tag` and returns the digest that the registry gave it. */
export async function push(tag: string): Promise<string> {
  const { stdout } = await docker(
    ["push", tag],
    PUSH_PATIENCE,
    `${tag} could not be pushed: sign in by \`docker login\`, and see that the registry answers.`,
  )
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1]
  if (!digest) throw new Refusal(1, `The registry told no digest for ${tag}: ${stdout.slice(-300)}`)
  return digest
}

/** The digest of the image that `tag` already is in the registry, if it was built from these sources. */
export async function published(sources: Sources, tag: string): Promise<string | undefined> {
  const pulled = await exec("docker", ["pull", tag], { seconds: PUSH_PATIENCE })
  const digest = /^Digest: (sha256:[0-9a-f]{64})$/m.exec(pulled.stdout)?.[1]
  if (pulled.exitCode !== 0 || !digest) return
  const format = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
  const { stdout } = await exec("docker", ["image", "inspect", "--format", format, tag])
  return stdout.trim() === sources.commit ? digest : undefined
}

async function docker(args: string[], seconds: number, complaint: string): Promise<Ran> {
  const ran = await exec("docker", args, { seconds })
  if (ran.exitCode !== 0) throw new Refusal(1, `${complaint} Docker says:\n${ran.stderr.slice(-2000)}`)
  return ran
}
