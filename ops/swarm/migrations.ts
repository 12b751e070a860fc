import type { SwarmEnvironment } from "../environments/environment.ts"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { runOneShot } from "./one-shot.ts"
import type { CurrentSecrets } from "./secrets.ts"

/** What the database came to: see `Migrated` in server/database/migrate.ts. */
export type Migrated = { applied: string[]; shipped: number; serves: number }

/** The largest tables take a while; nobody is kept waiting by it, since the release before serves on. */
const SECONDS = 600
const SHOWN_LINES = 15

export const migrationJob = (stack: string) => `${stack}_migrate`

/**
 * Applies the migrations of `image` in a job of the stack, as the role that owns the database. Throws a `Refusal` (1)
 * with what it said when it fails; each migration is whole or not there, and the release before works on after it.
 * `onReached` is told what the database came to, also before it throws: what was applied stays.
 */
export async function runMigrations(
  engine: Engine,
  { stack, name }: SwarmEnvironment,
  {
    image,
    secrets,
    signal,
    networks = [`${stack}_data`],
    onReached = async () => {},
  }: {
    image: string
    secrets: CurrentSecrets
    signal?: AbortSignal
    networks?: string[]
    onReached?: (migrated: Migrated) => Promise<void>
  },
): Promise<Migrated> {
  const needed = ["database-owner-url", "jwt-secret-key"] as const
  const missing = needed.filter((secret) => !secrets[secret])
  if (missing.length > 0)
    throw new Refusal(
      3,
      `The secret ${missing.join(" and ")} is missing: bun run ops secrets ${name}. Nothing was changed.`,
    )
  const { ended, reason, output } = await runOneShot(engine, {
    name: migrationJob(stack),
    stack,
    image,
    command: ["bun", "migrate.js", "--json"],
    variables: [
      "DATABASE_URL_FILE=/run/secrets/database-owner-url",
      // It signs nothing, but the settings are read as a whole.
      "JWT_SECRET_KEY_FILE=/run/secrets/jwt-secret-key",
    ],
    secrets: Object.fromEntries(needed.map((secret) => [secret, secrets[secret]!])),
    networks,
    seconds: SECONDS,
    ...(signal && { signal }),
  })
  const reached = reportIn(output)
  if (reached) await onReached(reached)
  if (signal?.aborted) throw signal.reason
  if (ended === "done") return reached ?? refuseSilent(output, image)
  const lines = output.split("\n").filter((text) => !text.startsWith('{"applied"'))
  const said = lines.slice(-SHOWN_LINES).join("\n")
  const how =
    ended === "too slow" ? `were stopped after ${SECONDS / 60} minutes (${reason})` : `failed (${reason})`
  throw new Refusal(1, `The migrations of the new release ${how}${said && `:\n${said}\n`}`, { output })
}

function reportIn(output: string): Migrated | undefined {
  const line = output.split("\n").findLast((text) => text.startsWith('{"applied"'))
  return line && JSON.parse(line)
}

function refuseSilent(output: string, image: string): never {
  throw new Refusal(1, `${image} migrates but does not say what it came to, so it is not of this Docket.`, {
    output,
  })
}
