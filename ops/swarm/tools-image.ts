import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import { COMPANION_LABELS, type Companion, repositoryOf } from "../supply-chain/recipes.ts"
import { acceptsUnsigned, verifyImage } from "../supply-chain/verify.ts"
import type { Engine } from "./engine.ts"
import type { Image } from "./engine-types.ts"
import { short } from "./images.ts"

/** What the release `image` was published with, by digest; undefined where `ops publish` did not make it. */
export function companionOf(
  { image: repository }: SwarmEnvironment,
  name: Companion,
  image: Image | undefined,
): string | undefined {
  const digest = image?.Config?.Labels?.[COMPANION_LABELS[name]]
  return digest && `${repositoryOf(repository, name)}@${digest}`
}

/**
 * The environment with the image that the stack's backups run: the one that `[backup]` names, else the one that `release`
 * was published with, which the engine has. Refuses (3) where there is neither.
 */
export async function withTools(
  engine: Engine,
  environment: SwarmEnvironment,
  release: string,
): Promise<SwarmEnvironment> {
  const { backup, path } = environment
  if (!backup || backup.image) return environment
  const image = companionOf(environment, "tools", await engine.find<Image>(`/images/${release}/json`))
  if (image) return { ...environment, backup: { ...backup, image } }
  throw new Refusal(
    3,
    `${short(release)} does not say which tools it was published with, and [backup] of ${path} names no image: publish it by bun run ops publish, or name one.`,
  )
}

/**
 * Holds the other images of ours that the stack runs against their signatures. Resolves to sentences: also of a newer
 * database that the release was published with, since whoever runs it chooses the moment of its restart.
 */
export async function verifyOthers(environment: SwarmEnvironment, release: Image): Promise<string[]> {
  const { archive, backup } = environment
  const others = [backup?.image, archive?.image].filter((image) => image !== undefined)
  const said = acceptsUnsigned(environment)
    ? []
    : await Promise.all(others.map((image) => verifyImage(environment, image)))
  const database = companionOf(environment, "database", release)
  if (archive && database && archive.image !== database)
    said.push(
      `The release was published with ${database}; [archive] names another, which goes on. To change it, name that one and deploy: the database restarts once.`,
    )
  return said
}
