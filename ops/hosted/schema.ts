import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readMigrations } from "../../server/database/migrations.ts"
import { Refusal } from "../refusal.ts"
import type { HostedRelease } from "./space.ts"

export type Schema = Pick<HostedRelease, "schema" | "serves">

/**
 * What `commit` says in its migrations/: the newest one's number, and the oldest release that works once all are
 * applied. Read from the repository this runs in, since no engine is at hand that could ask the image.
 */
export async function schemaOf(commit: string, repository = join(import.meta.dir, "../..")): Promise<Schema> {
  const folder = mkdtempSync(join(tmpdir(), "docket-schema-"))
  try {
    const archive = Bun.spawn(["git", "archive", "--format=tar", commit, "migrations"], {
      cwd: repository,
      stdout: "pipe",
      stderr: "ignore",
    })
    const unpacked = Bun.spawn(["tar", "-x", "-C", folder], {
      stdin: archive.stdout,
      stdout: "ignore",
      stderr: "ignore",
    })
    if ((await archive.exited) !== 0 || (await unpacked.exited) !== 0)
      throw new Refusal(
        2,
        `The image was built from commit ${commit}, which this clone does not have: git fetch, and start again.`,
      )
    const migrations = await readMigrations(join(folder, "migrations"))
    return { schema: migrations.length, serves: Math.max(...migrations.map(({ serves }) => serves)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The releases that still work on what all `releases` have done to the database, newest first, each digest once. */
export function servedReleases(releases: HostedRelease[]): HostedRelease[] {
  const oldest = Math.max(0, ...releases.map(({ serves }) => serves))
  const served = releases.filter(({ good, schema }) => good && schema >= oldest).reverse()
  return served.filter(({ digest }, index) => served.findIndex((other) => other.digest === digest) === index)
}
