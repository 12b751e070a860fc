import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { Refusal } from "../refusal.ts"
import { run } from "./programs.ts"
import type { Sources } from "./sources.ts"

/** The files of an image's bill of materials, in SPDX 2.3 (ISO/IEC 5962). */
export type Materials = {
  /** What the base brings: Debian's packages and Bun. */
  image: string
  /** The npm packages of the lockfile: what is bundled has no name of its own in the image any more. */
  packages: string
}

type Of = { tag: string; sources: Pick<Sources, "folder" | "version">; folder: string }

/** Writes what the image `tag` (of the engine) and the sources are made of into `folder`, by syft. */
export async function billOfMaterials({ tag, sources, folder }: Of): Promise<Materials> {
  await mkdir(folder, { recursive: true })
  const files = {
    image: join(folder, "image.spdx.json"),
    packages: join(folder, "packages.spdx.json"),
  }
  const name = ["--source-name=docket", `--source-version=${sources.version}`]
  await Promise.all([
    scan(`docker:${tag}`, files.image, name),
    scan(`dir:${sources.folder}`, files.packages, [
      ...name,
      "--override-default-catalogers=javascript-lock-cataloger",
    ]),
  ])
  return files
}

/** The page's packages are development ones in package.json, since the server does not need them to run. */
const variables = {
  SYFT_JAVASCRIPT_INCLUDE_DEV_DEPENDENCIES: "true",
  SYFT_FILE_METADATA_SELECTION: "none",
  SYFT_CHECK_FOR_APP_UPDATE: "false",
}

async function scan(source: string, file: string, options: string[]) {
  const ran = await run("syft", ["scan", source, `--output=spdx-json=${file}`, ...options], {
    variables,
    seconds: 300,
  })
  if (ran.exitCode !== 0)
    throw new Refusal(
      1,
      `syft could not tell what ${source} is made of: ${Bun.stripANSI(ran.stderr).trim().slice(-500)}`,
    )
}
