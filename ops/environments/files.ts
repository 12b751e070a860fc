import { mkdir } from "node:fs/promises"
import { basename, join } from "node:path"
import { Refusal } from "../refusal.ts"
import type { SwarmEnvironment } from "./swarm.ts"

/** The fields of an environment's file that name files, as paths into it. */
const FIELDS = [
  ["acme", "ca"],
  ["archive", "ca"],
  ["smoke", "ca"],
  ["cosign", "key"],
] as const

type Table = Record<string, unknown>

/** The contents of the files that `environment` names, by the field that does: `acme.ca`. */
export async function filesOf(environment: SwarmEnvironment): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const [table, field] of FIELDS) {
    const path = (environment[table] as Table | undefined)?.[field]
    if (typeof path !== "string") continue
    const file = Bun.file(path)
    if (!(await file.exists()))
      throw new Refusal(
        2,
        `${environment.path} names ${path} as ${table}.${field}, and there is no such file.`,
      )
    files[`${table}.${field}`] = await file.text()
  }
  return files
}

/**
 * Writes the file of the environment `name` into `folder`, with the files that it names beside it, and returns its path.
 * `engine` takes the place of the one that it names. Where nothing has to be changed it is the text as it was, comments
 * and all. What is there already is not written over: refuses (3).
 */
export async function writeEnvironmentFiles(
  folder: string,
  { name, text, files }: { name: string; text: string; files: Record<string, string> },
  engine?: string,
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.toml`)
  const value = Bun.TOML.parse(text) as Table
  for (const [field, content] of Object.entries(files)) {
    const [table = "", member = ""] = field.split(".")
    const beside = join(folder, `${name}-${field.replace(".", "-")}.pem`)
    await writeNew(beside, content)
    ;(value[table] as Table)[member] = beside
  }
  if (engine) value.engine = engine
  const changed = engine !== undefined || Object.keys(files).length > 0
  await writeNew(path, changed ? Bun.TOML.stringify(value) : text)
  return path
}

async function writeNew(path: string, content: string) {
  const there = await Bun.file(path)
    .text()
    .catch(() => null)
  if (there === content) return
  if (there !== null)
    throw new Refusal(3, `${path} is there already, and is another ${basename(path)}: move it away first.`)
  await Bun.write(path, content)
}
