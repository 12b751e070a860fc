import { join } from "node:path"
import { Refusal } from "../refusal.ts"
import { exec } from "./programs.ts"
import { layOut, type Sources } from "./sources.ts"

export type ImageName = "server" | "tools" | "database"

/** How an image is made, what it says of itself, and how it is known to be there already. */
export type Recipe = {
  name: ImageName
  /** `registry/name:tag`. */
  tag: string
  /** All that the builder sees. */
  folder: string
  /** Where it is not `folder`'s own. */
  dockerfile?: string
  values: Record<string, string>
  labels: Record<string, string>
  /** The labels that tell one image from another: one that has the same needs no other in its place. */
  marks: string[]
  /** The folder of the lockfile, where packages of npm are bundled. */
  lockfile?: string
  /** Runs the image for a moment. Throws a `Refusal` where what it is for does not begin. */
  tryOut: (tag: string) => Promise<void>
}

/** Those that a release is published with, by digest: the labels of the server's image, which its signature covers. */
export const COMPANION_LABELS = { tools: "org.docket.tools", database: "org.docket.database" } as const
export type Companion = keyof typeof COMPANION_LABELS
export const companions = Object.keys(COMPANION_LABELS) as Companion[]

/** The companion's repository beside the server's: `ghcr.io/owner/docket-tools`. */
export const repositoryOf = (server: string, name: ImageName) =>
  name === "server" ? server : `${server}-${name}`

/** The server's: a new one for each commit, and for other companions. */
export function serverRecipe(
  repository: string,
  sources: Sources,
  digests: Record<Companion, string>,
): Recipe {
  const { commit, version, schema, serves, destructive, folder } = sources
  const labels = {
    "org.opencontainers.image.revision": commit,
    "org.docket.schema": `${schema}`,
    "org.docket.serves": `${serves}`,
    "org.docket.destructive": destructive.join(","),
    ...Object.fromEntries(companions.map((name) => [COMPANION_LABELS[name], digests[name]])),
  }
  return {
    name: "server",
    tag: `${repository}:${commit}`,
    folder,
    values: { VERSION: version, COMMIT: commit, ...given("BUN_IMAGE") },
    labels,
    marks: Object.keys(labels),
    lockfile: folder,
    // Without its variables it ends at once, and names them: so it is whole, and nothing is baked in.
    tryOut: (tag) => expectOf(["server", tag], [], { exitCode: 1, says: /DATABASE_URL/ }),
  }
}

const COMPANIONS: Record<
  Companion,
  Pick<Recipe, "tryOut"> & {
    title: string
    /** Of the sources: whether the builder sees a file. What it does not see cannot change the image. */
    takes: (path: string) => boolean
    dockerfile: string
    /** What of the sources is its root, where that is not all of them. */
    root?: string
    bases: string[]
    bundles: boolean
  }
> = {
  tools: {
    title: "Docket's backups",
    takes: (path) =>
      /^(package\.json|bun\.lock|bunfig\.toml|tsconfig\.json|\.dockerignore|(migrations|server|ops)\/.+)$/.test(
        path,
      ) &&
      // Of tests and measurements nothing is in it.
      !/\.test\.tsx?$|^server\/testing\/|^ops\/(test|bench)/.test(path),
    dockerfile: "ops/backup/Dockerfile",
    bases: ["BUN_IMAGE", "POSTGRES_IMAGE"],
    bundles: true,
    tryOut: async (tag) => {
      await expectOf(["tools", tag], ["--json"], { exitCode: 0, says: /"ok":true.*"backup"/ })
      await expectOf(["tools", tag, "pg_dump"], ["--version"], { exitCode: 0, says: /PostgreSQL\) 18\./ })
    },
  },
  database: {
    title: "Docket's PostgreSQL",
    // What jobs are given as a script of their own is not in it.
    takes: (path) => path.startsWith("ops/database/") && !/\/(roles|restore-point)\.sh$/.test(path),
    dockerfile: "ops/database/Dockerfile",
    root: "ops/database",
    bases: ["POSTGRES_IMAGE"],
    bundles: false,
    tryOut: async (tag) => {
      await expectOf(["database", tag, "postgres"], ["--version"], {
        exitCode: 0,
        says: /PostgreSQL\) 18\./,
      })
      await expectOf(["database", tag, "pgbackrest"], ["version"], { exitCode: 0, says: /pgBackRest \d/ })
    },
  },
}

/** A companion's: the same for every commit that changed none of what it is made of. */
export async function companionRecipe(
  repository: string,
  sources: Sources,
  name: Companion,
): Promise<Recipe> {
  const { title, takes, dockerfile, root = "", bases, bundles, tryOut } = COMPANIONS[name]
  const values = Object.assign({}, ...bases.map(given)) as Record<string, string>
  const { folder, key } = await layOut(sources, name, takes, values)
  return {
    name,
    tag: `${repositoryOf(repository, name)}:${key}`,
    folder: join(folder, root),
    dockerfile: join(folder, dockerfile),
    values,
    labels: {
      "org.opencontainers.image.title": title,
      "org.opencontainers.image.licenses": "MIT",
      "org.opencontainers.image.version": sources.version,
      "org.opencontainers.image.revision": sources.commit,
      "org.docket.inputs": key,
    },
    marks: ["org.docket.inputs"],
    ...(bundles && { lockfile: folder }),
    tryOut,
  }
}

/** Another base than the Dockerfile's, as a mirror's. */
function given(name: string): Record<string, string> {
  const value = process.env[name]
  return value ? { [name]: value } : {}
}

/** Runs the image as strictly as the stack does: a read-only root, no capability, and here no network. */
async function expectOf(
  [name, tag, entrypoint]: [ImageName, string, string?],
  command: string[],
  { exitCode, says }: { exitCode: number; says: RegExp },
) {
  const flags = ["--rm", "--network=none", "--read-only", "--cap-drop=ALL", "--memory=512m"]
  const entry = entrypoint ? [`--entrypoint=${entrypoint}`] : []
  const ran = await exec("docker", ["run", ...flags, ...entry, tag, ...command], { seconds: 60 })
  const told = `${ran.stdout}\n${ran.stderr}`.trim()
  if (ran.exitCode === exitCode && says.test(told.replaceAll("\n", " "))) return
  const what = [entrypoint, ...command].filter(Boolean).join(" ")
  throw new Refusal(
    1,
    `The image of the ${name} does not run${what && ` \`${what}\``}: it ended with ${ran.exitCode}. Nothing of it was published. It says:\n${told.slice(-1000)}`,
  )
}
