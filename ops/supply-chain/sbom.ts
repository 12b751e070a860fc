import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { Refusal } from "../refusal.ts"
import { run } from "./programs.ts"
import type { Recipe } from "./recipes.ts"

/** The files of an image's bill of materials, in SPDX 2.3 (ISO/IEC 5962). */
export type Materials = {
  /** What the base brings: Debian's packages, Bun. `server.spdx.json` for the server's. */
  image: string
  /** The npm packages of the lockfile: what is bundled has no name of its own in the image any more. */
  packages?: string
}

/** Writes what the image of the recipe, which the engine has, is made of into `folder`, by syft. */
export async function billOfMaterials(
  { name, tag, lockfile }: Recipe,
  { folder, version }: { folder: string; version: string },
): Promise<Materials> {
  await mkdir(folder, { recursive: true })
  const source = [
    `--source-name=${name === "server" ? "docket" : `docket-${name}`}`,
    `--source-version=${version}`,
  ]
  const files: Materials = { image: join(folder, `${name}.spdx.json`) }
  const scans = [scan(`docker:${tag}`, files.image, source)]
  if (lockfile) {
    // Of every image that bundles some it is the same lockfile.
    files.packages = join(folder, "packages.spdx.json")
    scans.push(
      scan(`dir:${lockfile}`, files.packages, [
        ...source,
        "--override-default-catalogers=javascript-lock-cataloger",
      ]),
    )
  }
  await Promise.all(scans)
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
