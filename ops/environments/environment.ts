import { readdir } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import type { TSchema } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { editDistance } from "../../server/misspelt.ts"
import { Refusal } from "../refusal.ts"
import { type HostedEnvironment, hostedShape } from "./hosted.ts"
import { settingFaults } from "./settings.ts"
import { type SwarmEnvironment, swarmShape } from "./swarm.ts"

export type { HostedEnvironment, SwarmEnvironment }
export type Environment = SwarmEnvironment | HostedEnvironment

const folder = import.meta.dir
const repository = join(folder, "../..")

/**
 * Reads the environment of that name in ops/environments/, or of a path that ends in `.toml`. Refuses with every fault
 * at once. Paths inside are relative to the repository, and absolute in what is returned.
 */
export async function readEnvironment(nameOrPath: string): Promise<Environment> {
  const path = nameOrPath.endsWith(".toml") ? resolve(nameOrPath) : join(folder, `${nameOrPath}.toml`)
  const name = basename(path, ".toml")
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !(await Bun.file(path).exists())) throw await unknown(nameOrPath)
  return parseEnvironment(await Bun.file(path).text(), { name, path })
}

/** The text of an environment's file as what it means. Throws a `Refusal` that lists every fault. */
export function parseEnvironment(text: string, { name, path }: { name: string; path: string }): Environment {
  const given = parseToml(text, path)
  const shape = given.kind === "hosted" ? hostedShape : swarmShape
  const value = Value.Default(shape, { ...given, ...textSettings(given) }) as Record<string, unknown>
  const faults = [...shapeFaults(shape, value), ...settingFaults(value.settings), ...archiveFaults(value)]
  if (faults.length > 0)
    throw new Refusal(2, [`${path} can't be used:`, ...faults.map((fault) => `  - ${fault}`)].join("\n"), {
      faults,
    })
  return withAbsolutePaths({ ...value, name, path } as Environment)
}

/** For commands that only a Swarm can answer: narrows, or refuses with `sentence`, which says what to do instead. */
export function needSwarm(environment: Environment, sentence: string): SwarmEnvironment {
  if (environment.kind === "swarm") return environment
  throw new Refusal(3, `${environment.name} is hosted. ${sentence}`)
}

/** Whoever runs a database elsewhere archives it. */
const archiveFaults = ({ archive, database }: Record<string, unknown>) =>
  archive && database === "outside"
    ? ['archive is for the stack\'s own database, and database is "outside".']
    : []

async function unknown(nameOrPath: string): Promise<Refusal> {
  const names = (await readdir(folder)).filter((file) => file.endsWith(".toml"))
  const known = names
    .map((file) => basename(file, ".toml"))
    .sort()
    .join(", ")
  return new Refusal(
    2,
    nameOrPath.endsWith(".toml")
      ? `There is no file ${nameOrPath}, or its name is not in lower-case letters, digits and hyphens.`
      : `There is no environment "${nameOrPath}". There are: ${known}; or give a path that ends in .toml.`,
  )
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>
  } catch (error) {
    throw new Refusal(2, `${path} is not TOML: ${(error as Error).message}`)
  }
}

/** TOML has numbers and booleans; a variable of a process is text. */
function textSettings({ settings }: Record<string, unknown>): { settings?: unknown } {
  if (typeof settings !== "object" || settings === null) return {}
  const text = (value: unknown) => (typeof value === "object" ? value : String(value))
  return {
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, text(value)])),
  }
}

/** One sentence for each field, however many ways it is wrong. */
function shapeFaults(shape: TSchema, value: Record<string, unknown>): string[] {
  const faults = new Map<string, string>()
  for (const { path, schema, type, message } of Value.Errors(shape, value)) {
    const field = path.slice(1).replaceAll("/", ".")
    if (faults.has(field)) continue
    const known = Object.keys(shape.properties)
    if (message === "Unexpected property")
      faults.set(field, `${field} means nothing here.${meant(field, known)}`)
    else if (field === "kind") faults.set(field, 'kind must be "swarm" or "hosted".')
    else faults.set(field, `${field} must be ${schema.description ?? `a ${type}`}.`)
  }
  return [...faults.values()]
}

function meant(field: string, known: string[]): string {
  const guess = known.find((name) => editDistance(field, name) <= 2)
  return guess ? ` Did you mean ${guess}?` : ""
}

function withAbsolutePaths(environment: Environment): Environment {
  const absolute = (path: string) => resolve(repository, path)
  const { cosign } = environment
  const signer = cosign && "key" in cosign && { cosign: { key: absolute(cosign.key) } }
  if (environment.kind === "hosted") return { ...environment, ...signer }
  const { acme, archive, smoke } = environment
  return {
    ...environment,
    ...signer,
    ...(acme?.ca && { acme: { ...acme, ca: absolute(acme.ca) } }),
    ...(archive?.ca && { archive: { ...archive, ca: absolute(archive.ca) } }),
    ...(smoke?.ca && { smoke: { ...smoke, ca: absolute(smoke.ca) } }),
  }
}
