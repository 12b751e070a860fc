import { Refusal } from "../refusal.ts"
import { exec, type Ran } from "./programs.ts"
import type { Recipe } from "./recipes.ts"

/** Seconds. Nothing cached, on two cores, is a tenth of it. */
const BUILD_PATIENCE = 900
const PUSH_PATIENCE = 600

/** Builds the image, and runs it for a moment. */
export async function build({ name, tag, folder, dockerfile, values, labels, tryOut }: Recipe) {
  const flags = Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`])
  for (const [name, value] of Object.entries(labels)) flags.push("--label", `${name}=${value}`)
  if (dockerfile) flags.push("--file", dockerfile)
  // BuildKit's own attestations would make an index of the image; ours are signed and stand beside it.
  const args = ["build", "--provenance=false", "--sbom=false", ...flags, "--tag", tag, folder]
  await docker(
    args,
    BUILD_PATIENCE,
    `The image of the ${name} could not be built. Nothing of it was published.`,
  )
  await tryOut(tag)
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

/** The digest of the image that the recipe's tag already is in the registry, if it has the recipe's marks. */
export async function published({ tag, labels, marks }: Recipe): Promise<string | undefined> {
  const pulled = await exec("docker", ["pull", tag], { seconds: PUSH_PATIENCE })
  const digest = /^Digest: (sha256:[0-9a-f]{64})$/m.exec(pulled.stdout)?.[1]
  if (pulled.exitCode !== 0 || !digest) return
  const { stdout } = await exec("docker", ["image", "inspect", "--format", "{{json .Config.Labels}}", tag])
  const found = (JSON.parse(stdout) ?? {}) as Record<string, string>
  return marks.every((mark) => found[mark] === labels[mark]) ? digest : undefined
}

/** What the image takes on an engine, in bytes, its base included. */
export async function sizeOf(tag: string): Promise<number> {
  const { stdout } = await docker(
    ["image", "inspect", "--format", "{{.Size}}", tag],
    60,
    `${tag} is not on the engine.`,
  )
  return Number(stdout)
}

async function docker(args: string[], seconds: number, complaint: string): Promise<Ran> {
  const ran = await exec("docker", args, { seconds })
  if (ran.exitCode !== 0) throw new Refusal(1, `${complaint} Docker says:\n${ran.stderr.slice(-2000)}`)
  return ran
}
