import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Refusal } from "../refusal.ts"
import { type Credentials, GitFault, git, unreachable } from "./git.ts"

/** A release as its commit in the Space's repository records it. */
export type HostedRelease = {
  number: number
  digest: string
  version: string
  commit: string
  /** The number of the newest migration in it. */
  schema: number
  /** The oldest release that works on a database that it has migrated. */
  serves: number
  /** Who, as user@host. */
  by: string
  /** ISO 8601. */
  at: string
  /** What was meant: `deploy`, `rollback to 3`, `put back 3`. */
  why: string
  /** Whether it passed its smoke test; one that did not was half made, or taken back. */
  good: boolean
}

const TEMPLATES = join(import.meta.dir, "../huggingface")
const BRANCH = "main"
const tagOf = (number: number) => `release-${number}-good`

/**
 * A Space: its git repository holds what runs and the record of all that ran. A push is at once the deploy, its record
 * and its lock, since git refuses the second of two that began from the same state.
 */
export class Space {
  constructor(
    readonly name: string,
    readonly releases: HostedRelease[],
    private readonly folder: string,
    private readonly credentials: Credentials,
  ) {}

  get current(): HostedRelease | undefined {
    return this.releases.at(-1)
  }

  /** Makes `image` at the release's digest what runs. Refuses when someone else published since this was opened. */
  async publish(
    image: string,
    release: Omit<HostedRelease, "number" | "good" | "at">,
  ): Promise<HostedRelease> {
    const number = (this.current?.number ?? 0) + 1
    for (const file of ["README.md", "Dockerfile"]) {
      const template = await Bun.file(join(TEMPLATES, file)).text()
      const text = template.replaceAll("{{image}}", image).replaceAll("{{digest}}", release.digest)
      await Bun.write(join(this.folder, file), text)
    }
    await this.#git("add", "README.md", "Dockerfile")
    // The same digest again is a release of its own: a rollback to what runs restarts it.
    await this.#git(
      "commit",
      "--quiet",
      "--allow-empty",
      "--no-gpg-sign",
      `--message=${messageOf(number, release)}`,
    )
    try {
      await this.#git("push", "--quiet", "origin", `HEAD:${BRANCH}`)
    } catch (error) {
      if (
        error instanceof GitFault &&
        /rejected|non-fast-forward|fetch first|cannot lock ref/.test(error.complaint)
      )
        throw new Refusal(
          3,
          `Someone else published to the Space ${this.name} a moment ago. Nothing was changed: look at \`bun run ops releases\`, then start again.`,
        )
      throw unreachable(error, this.name)
    }
    const published = { ...release, number, good: false, at: await this.#git("log", "-1", "--format=%cI") }
    this.releases.push(published)
    return published
  }

  /** Records that the release passed. Pushing a tag restarts nothing. */
  async markGood(release: HostedRelease) {
    await this.#git("tag", tagOf(release.number))
    await this.#git("push", "--quiet", "origin", tagOf(release.number))
    release.good = true
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #git(...args: string[]) {
    return git(this.folder, this.credentials, ...args)
  }
}

/** Clones the Space's repository to a temporary folder and reads its record. Close it. */
export async function openSpace(name: string, credentials: Credentials): Promise<Space> {
  const folder = mkdtempSync(join(tmpdir(), "docket-space-"))
  try {
    await git(folder, credentials, "clone", "--quiet", credentials.remote, ".")
    const born = await git(folder, credentials, "rev-parse", "--verify", "--quiet", "HEAD").catch(() => null)
    if (born === null) return new Space(name, [], folder, credentials)
    const log = await git(folder, credentials, "log", "--first-parent", "--reverse", "-z", "--format=%cI%n%B")
    const tags = new Set((await git(folder, credentials, "tag", "--list")).split("\n"))
    const releases = log.split("\0").flatMap((entry) => readRelease(entry, tags) ?? [])
    return new Space(name, releases, folder, credentials)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw unreachable(error, name)
  }
}

function messageOf(number: number, release: Omit<HostedRelease, "number" | "good" | "at">): string {
  const { digest, version, commit, schema, serves, by, why } = release
  return [
    `Release ${number}: ${why}`,
    "",
    `Digest: ${digest}`,
    `Version: ${version}`,
    `Commit: ${commit}`,
    `Schema: ${schema}`,
    `Serves: ${serves}`,
    `By: ${by}`,
  ].join("\n")
}

/** A commit of another hand, such as the one that a new Space begins with, is no release. */
function readRelease(entry: string, tags: Set<string>): HostedRelease | null {
  const [at = "", subject = "", ...lines] = entry.trim().split("\n")
  const [, number, why = ""] = /^Release (\d+): (.+)$/.exec(subject) ?? []
  const members = Object.fromEntries(
    lines.map((line) => line.split(/: (.*)/, 2)).filter((pair) => pair.length === 2),
  ) as Record<string, string>
  if (!number || !/^sha256:[0-9a-f]{64}$/.test(members.Digest ?? "")) return null
  return {
    number: Number(number),
    digest: members.Digest!,
    version: members.Version ?? "unknown",
    commit: members.Commit ?? "unknown",
    schema: Number(members.Schema),
    serves: Number(members.Serves),
    by: members.By ?? "unknown",
    at,
    why,
    good: tags.has(tagOf(Number(number))),
  }
}
