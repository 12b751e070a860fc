import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import type { Compose } from "../swarm/compose.ts"
import { runMigrations } from "../swarm/migrations.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import { removeService } from "../swarm/removal.ts"
import { makeRoles } from "../swarm/roles.ts"
import { untilRunning } from "../swarm/rollout.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"
import { composeStack, deployStack, engineFacts } from "../swarm/stack.ts"
import type { Settled } from "./settled.ts"

const SECONDS = { start: 300, settle: 3600 }

/** The service of the restored database, until it takes the other's place, and the network that only it and jobs are in. */
export const besideService = (stack: string) => `${stack}_restored`
const besideNetwork = (stack: string) => `${stack}_beside`

/**
 * Starts PostgreSQL on the restored `volume`, beside the stack's, where nobody is sent to it; gives its roles today's
 * passwords and the schema of the release that runs, makes it quiet, and has that release work on it.
 * Throws a `Refusal` that says which of it did not go.
 */
export async function proveBeside(
  change: Change,
  secrets: CurrentSecrets,
  {
    volume,
    image,
    restore,
  }: { volume: string; image: string; restore: { id: string; takenAt: string; latest: boolean } },
): Promise<Settled> {
  const { engine, environment, stack, signal, steps } = change
  await steps.take("start beside", "Starting it beside", async () => {
    await removeService(engine, besideService(stack), { holdsVolume: true })
    const composed = await composeStack(environment, image, secrets, await engineFacts(engine.printed))
    await deployStack(engine.printed, stack, besideOf(composed, volume))
    await untilRunning(engine, besideService(stack), SECONDS.start, signal)
  })
  const networks = [besideNetwork(stack)]
  await steps.take("roles", "Giving its roles the passwords of today", () =>
    makeRoles(engine, environment, { secrets, signal, networks }),
  )
  const { applied } = await steps.take("migrate", "Bringing it to the schema of the release that runs", () =>
    runMigrations(engine, environment, { image, secrets, signal, networks }),
  )
  for (const name of applied) say(`  applied ${name}`)
  return steps.take(
    "prove",
    "Making it quiet, reading every row, and having the application work on it",
    () => settle(change, secrets, image, restore),
  )
}

/** The database alone, on another volume and in another network, where it answers to the same name. It archives nothing. */
function besideOf({ services, secrets, configs }: Compose, volume: string): Compose {
  const database = services.database!
  const environment = Object.fromEntries(
    Object.entries(database.environment!).filter(([name]) => !name.startsWith("ARCHIVE_")),
  )
  const own = database.volumes as unknown[]
  return {
    services: {
      restored: {
        ...database,
        environment,
        networks: { beside: { aliases: ["database"] } } as never,
        volumes: ["restored:/var/lib/postgresql", ...own.filter((mount) => typeof mount !== "string")],
      },
    },
    networks: { beside: { driver: "overlay", internal: true } },
    volumes: { restored: { name: volume } },
    configs: configs["archive-ca"] ? { "archive-ca": configs["archive-ca"] } : {},
    secrets: Object.fromEntries(
      Object.entries(secrets).filter(([name]) => database.secrets!.some(({ source }) => source === name)),
    ),
  }
}

async function settle(
  { engine, stack, signal }: Change,
  secrets: CurrentSecrets,
  image: string,
  { id, takenAt, latest }: { id: string; takenAt: string; latest: boolean },
): Promise<Settled> {
  const needed = ["database-owner-url", "jwt-secret-key"] as const
  const { ended, reason, output } = await runOneShot(engine, {
    name: `${stack}_settle`,
    stack,
    image,
    command: ["bun", "settle-restored.js", id, takenAt],
    variables: [
      "DATABASE_URL_FILE=/run/secrets/database-owner-url",
      "JWT_SECRET_KEY_FILE=/run/secrets/jwt-secret-key",
      `RESTORED_HOST=${besideService(stack)}`,
      `REPLACED_HOST=${stack}_database`,
      ...(latest ? ["REPLACED_MAY_BE_AWAY=yes"] : []),
    ],
    secrets: Object.fromEntries(needed.map((name) => [name, secrets[name]!])),
    networks: [besideNetwork(stack), `${stack}_data`],
    seconds: SECONDS.settle,
    memory: 1_000_000_000,
    signal,
  })
  if (signal.aborted) throw signal.reason
  const line = output.split("\n").findLast((text) => text.startsWith('{"settled"'))
  if (ended === "done" && line) return JSON.parse(line).settled as Settled
  const said = output.split("\n").slice(-15).join("\n")
  throw new Refusal(1, `What was restored does not work as it should (${reason || ended}):\n${said}\n`, {
    output,
  })
}
