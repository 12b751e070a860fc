import type { SwarmEnvironment } from "../environments/environment.ts"
import type { Engine } from "../swarm/engine.ts"
import { EngineError } from "../swarm/engine-api.ts"
import type { Config, Labels } from "../swarm/engine-types.ts"
import { operator } from "../swarm/operator.ts"
import { lastGood, listReleases } from "../swarm/release-records.ts"
import { type CurrentSecrets, currentSecrets, type SecretName } from "../swarm/secrets.ts"

/** What the Swarm knows of the newest kit that was written and read back: never what is in it. */
export type KitRecord = {
  at: string
  by: string
  /** Of its file's encrypted part. */
  checksum: string
  /** A hash of the environment's file. */
  environment: string
  /** For each secret that is in it, the name of the Swarm secret: another name is another content. */
  secrets: CurrentSecrets
}

export type KitState = KitRecord & {
  /** Secrets that have come, gone or changed since. */
  changed: SecretName[]
  environmentChanged: boolean
}

const STACK = "docket.stack"
const KIT = "docket.kit."
const SECRET = "docket.kit.secret."
const configName = (stack: string) => `${stack}_recovery-kit`

/** Notes, in the labels of the config `STACK_recovery-kit`, that a kit was written and read back. */
export async function recordKit(
  engine: Engine,
  environment: SwarmEnvironment,
  kit: { checksum: string; text: string; stored: CurrentSecrets },
): Promise<void> {
  const { stack } = environment
  const Labels: Labels = {
    [STACK]: stack,
    [`${KIT}at`]: engine.now().toISOString(),
    [`${KIT}by`]: operator().by,
    [`${KIT}checksum`]: kit.checksum,
    [`${KIT}environment`]: hashOf(kit.text),
    ...Object.fromEntries(Object.entries(kit.stored).map(([name, stored]) => [SECRET + name, stored])),
  }
  for (let attempt = 1; ; attempt++) {
    const before = await findConfig(engine, stack)
    try {
      if (before)
        return await engine.post(
          `/configs/${before.ID}/update`,
          { ...before.Spec, Labels },
          { version: String(before.Version.Index) },
        )
      const Data = Buffer.from("Its labels say which secrets the newest recovery kit holds.\n").toString(
        "base64",
      )
      return await engine.post("/configs/create", { Name: configName(stack), Labels, Data })
    } catch (error) {
      // Written by another in between.
      if (!(error instanceof EngineError) || attempt === 5) throw error
    }
  }
}

/** Null when no kit was ever read back. */
export async function kitState(
  engine: Engine,
  { stack, path }: Pick<SwarmEnvironment, "stack" | "path">,
): Promise<KitState | null> {
  const config = await findConfig(engine, stack)
  if (!config) return null
  const { Labels } = config.Spec
  const record: KitRecord = {
    at: Labels[`${KIT}at`] ?? "",
    by: Labels[`${KIT}by`] ?? "",
    checksum: Labels[`${KIT}checksum`] ?? "",
    environment: Labels[`${KIT}environment`] ?? "",
    secrets: Object.fromEntries(
      Object.entries(Labels).flatMap(([label, stored]) =>
        label.startsWith(SECRET) ? [[label.slice(SECRET.length), stored]] : [],
      ),
    ),
  }
  return {
    ...record,
    changed: changedSince(record.secrets, await currentSecrets(engine, stack)),
    environmentChanged: record.environment !== hashOf(await Bun.file(path).text()),
  }
}

/** The secrets that differ between a kit and now. */
export function changedSince(kit: CurrentSecrets, current: CurrentSecrets): SecretName[] {
  const names = new Set([...Object.keys(kit), ...Object.keys(current)] as SecretName[])
  return [...names].filter((name) => kit[name] !== current[name]).sort()
}

/** `made 3 days ago by ada@laptop; since then smtp-password has changed`, as the end of a sentence. */
export function kitStateText({ at, by, changed, environmentChanged }: KitState, now = Date.now()): string {
  const days = Math.floor((now - Date.parse(at)) / 86_400_000)
  const age = days <= 0 ? "today" : days === 1 ? "yesterday" : `${days} days ago`
  const since = [...(environmentChanged ? ["the environment's file"] : []), ...changed]
  return `made ${age} by ${by}${since.length === 0 ? "" : `; changed since: ${since.join(", ")}`}`
}

/** What serves, for the kit. */
export async function servingRelease(engine: Engine, stack: string) {
  const release = lastGood(await listReleases(engine, stack))
  if (!release) return null
  const { image, number, version, tools, database } = release
  return { image, number, version, ...(tools && { tools }), ...(database && { database }) }
}

export const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex")

async function findConfig(engine: Engine, stack: string): Promise<Config | undefined> {
  // The engine's filter also finds names that only begin so.
  const found = await engine.list<Config>("/configs", { name: [configName(stack)] })
  return found.find(({ Spec: { Name } }) => Name === configName(stack))
}
