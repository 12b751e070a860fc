import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $ } from "bun"
import { readMigrations } from "../../server/database/migrations.ts"

const repository = join(import.meta.dir, "../..")

export type Sources = AsyncDisposable & {
  /** Holds what the commit holds and nothing else. Gone once it is disposed of. */
  folder: string
  /** 40 hexadecimal digits. */
  commit: string
  /** Of package.json. */
  version: string
  /** The number of the newest migration: what the release is called by others' `serves`. */
  schema: number
  /** The oldest release, by its number, that works once all these migrations are applied. */
  serves: number
  /** The numbers of the migrations that take something away. */
  destructive: number[]
}

/** Lays out the files of HEAD: what is not committed, secrets beside the sources above all, cannot get into the image. */
export async function committedSources(): Promise<Sources> {
  const place = await mkdtemp(join(tmpdir(), "docket-sources-"))
  const folder = join(place, "sources")
  const dispose = () => rm(place, { recursive: true, force: true })
  try {
    await mkdir(folder)
    const commit = (await $`git rev-parse HEAD`.cwd(repository).text()).trim()
    await $`git archive ${commit} | tar -x -C ${folder}`.cwd(repository).quiet()
    const { version } = await Bun.file(join(folder, "package.json")).json()
    const migrations = await readMigrations(join(folder, "migrations"))
    const serves = Math.max(...migrations.map((migration) => migration.serves))
    const destructive = migrations.filter((migration) => migration.destructive).map(({ number }) => number)
    return {
      folder,
      commit,
      version,
      schema: migrations.length,
      serves,
      destructive,
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/**
 * Lays out those files of the commit that `takes` wants, beside the sources, and tells them and the build's `values` apart
 * from all others by a key of 40 hexadecimal digits: the same key, the same image.
 */
export async function layOut(
  { folder, commit }: Sources,
  name: string,
  takes: (path: string) => boolean,
  values: Record<string, string>,
): Promise<{ folder: string; key: string }> {
  // Mode, kind, and hash of the content, then the path.
  const listed = await $`git ls-tree -r -z ${commit}`.cwd(repository).text()
  const entries = listed.split("\0").filter((entry) => entry && takes(pathOf(entry)))
  const beside = join(folder, "..", name)
  await mkdir(beside)
  await $`git archive ${commit} -- ${entries.map(pathOf)} | tar -x -C ${beside}`.cwd(repository).quiet()
  const all = JSON.stringify([entries, values])
  return { folder: beside, key: new Bun.CryptoHasher("sha256").update(all).digest("hex").slice(0, 40) }
}

const pathOf = (entry: string) => entry.slice(entry.indexOf("\t") + 1)

/** Whether files differ from HEAD: they are in no image that is published. */
export async function uncommitted(): Promise<boolean> {
  return (await $`git status --porcelain`.cwd(repository).text()) !== ""
}

/** Where the sources are from, as a URL without names and passwords; undefined where git knows no other place. */
export async function origin(): Promise<string | undefined> {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY) return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
  const { exitCode, stdout } = await $`git remote get-url origin`.cwd(repository).nothrow().quiet()
  const address = stdout.toString().trim()
  if (exitCode !== 0 || !URL.canParse(address)) return
  const { protocol, host, pathname } = new URL(address)
  return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname.replace(/\.git$/, "")}` : undefined
}
