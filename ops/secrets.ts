import { command, type Result } from "./command.ts"
import { needSwarm } from "./environments/environment.ts"
import type { SwarmEnvironment } from "./environments/swarm.ts"
import { INSTEAD } from "./hosted/refusals.ts"
import { Refusal } from "./refusal.ts"
import { generateSecrets } from "./secrets/generate.ts"
import { givenContent } from "./secrets/given-content.ts"
import { rotation } from "./secrets/rotate.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { Engine } from "./swarm/engine.ts"
import { findService } from "./swarm/rollout.ts"
import {
  assignSecrets,
  currentSecrets,
  listSecrets,
  removeUnusedSecrets,
  type SecretName,
  secretNames,
  storeSecret,
} from "./swarm/secrets.ts"

type Asked = {
  engine: Engine
  environment: SwarmEnvironment
  name: string | undefined
  file: string | undefined
  finish: boolean
  dryRun: boolean
}

const actions: Record<string, (asked: Asked) => Promise<Result>> = {
  generate,
  set,
  rotate,
  list,
  "remove-unused": removeUnused,
}

export default command({
  name: "secrets",
  description: "Keeps an environment's secrets in its Swarm. None is ever printed or taken as an argument.",
  examples: [
    "bun run ops secrets production generate",
    "bun run ops secrets production set smtp-password                    # asks for it",
    "bun run ops secrets production set database-url --file=url.txt      # or --file=- to pipe it in",
    "bun run ops secrets production rotate jwt-secret-key",
    "bun run ops secrets production rotate jwt-secret-key --finish      # a quarter of an hour later",
    "bun run ops secrets production rotate smtp-password --file=password.txt",
    "bun run ops secrets production list",
    "bun run ops secrets production remove-unused --dry-run",
  ],
  arguments: {
    action: { type: "positional", required: true, description: Object.keys(actions).join(", ") },
    name: {
      type: "positional",
      required: false,
      description: `For set and rotate: ${secretNames.join(", ")}`,
    },
    file: { type: "string", description: "For set and rotate: where the content is; - is standard input" },
    finish: { type: "boolean", description: "For rotate jwt-secret-key: take the key before away" },
  },
  run: async ({ environment, arguments: { action, name, file, finish = false }, dryRun }) => {
    const swarm = needSwarm(environment, environment.kind === "hosted" ? INSTEAD.secrets(environment) : "")
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw new Refusal(2, `secrets does not know "${action}": ${Object.keys(actions).join(", ")}.`)
    await using engine = await Engine.open(swarm)
    // Awaited here: the connection is closed when this returns.
    return await run({ engine, environment: swarm, name, file, finish, dryRun })
  },
})

async function generate({ engine, environment, dryRun }: Asked): Promise<Result> {
  const made = await generateSecrets(engine, environment, dryRun)
  const known = await currentSecrets(engine, environment.stack)
  const asked = environment.database === "outside" && !known["database-url"]
  const facts = { made, dryRun }
  if (made.length === 0 && !asked) return { text: "Every secret is there already. Nothing was made.", facts }
  const lines = made.map((name) => `${name} ${dryRun ? "would be" : "was"} made`)
  if (asked)
    lines.push(
      `database-url and database-owner-url are for you to give, since the database is outside: bun run ops secrets ${environment.name} set database-url`,
    )
  return { text: lines.join("\n"), facts }
}

async function set({ engine, environment, name, file, dryRun }: Asked): Promise<Result> {
  const secret = secretNamed(name)
  await refuseInUse(engine, environment, secret)
  const content = await givenContent(secret, file)
  if (dryRun) return { text: `${secret} can be used, and would be stored.`, facts: { name: secret, dryRun } }
  const before = (await currentSecrets(engine, environment.stack))[secret]
  const stored = await storeSecret(engine, environment.stack, secret, content)
  const facts = { name: secret, stored, before: before ?? null }
  if (stored === before) return { text: `${secret} is the same as before. Nothing was changed.`, facts }
  await assignSecrets(engine, environment.stack, { [secret]: stored })
  const text = `${secret} is ${stored} from the next deploy on. Until then ${before ? `${before} stays in use` : "nothing uses it"}.`
  return { text, facts }
}

/** What the stack's database or people's sessions hang on is not replaced under them. */
async function refuseInUse(engine: Engine, { name, stack, database }: SwarmEnvironment, secret: SecretName) {
  const current = await currentSecrets(engine, stack)
  const hangs =
    secret.startsWith("jwt-") ||
    (database === "stack" && (secret.startsWith("database-") || secret === "postgres-password"))
  if (
    secret === "jwt-secret-key-previous" ||
    (hangs && current[secret] && (await findService(engine, `${stack}_server`)))
  )
    throw new Refusal(
      3,
      `${secret} is in use, and setting it would break what runs: bun run ops secrets ${name} rotate ${secret.replace("-previous", "")}. Nothing was changed.`,
    )
}

async function rotate({ engine, environment, name, file, finish, dryRun }: Asked): Promise<Result> {
  const secret = secretNamed(name)
  if (finish && secret !== "jwt-secret-key") throw new Refusal(2, "--finish is for jwt-secret-key alone.")
  const plan = await rotation(environment, secret, { file, finish })
  if (!(await findService(engine, `${environment.stack}_server`)))
    throw new Refusal(3, `${environment.name} does not run yet: there is nothing to rotate.`)
  const facts = { name: secret, finish, dryRun }
  if (dryRun) return { text: `${secret} would be rotated.`, facts }
  const text = await changeStack(environment, `rotates ${secret}`, plan)
  return { text, facts }
}

function secretNamed(name: string | undefined): SecretName {
  const known = secretNames.find((secret) => secret === name)
  if (known) return known
  const said = name === undefined ? "Which secret?" : `There is no secret "${name}".`
  throw new Refusal(2, `${said} There are: ${secretNames.join(", ")}.`)
}

async function list({ engine, environment }: Asked): Promise<Result> {
  const secrets = await listSecrets(engine, environment.stack)
  if (secrets.length === 0)
    return {
      text: `${environment.name} has no secrets yet: bun run ops secrets ${environment.name} generate`,
      facts: { secrets },
    }
  const rows = secrets.map(({ stored, at, currentAs, usedBy }) => [
    stored,
    currentAs.join(", ") || "not current",
    `since ${at.slice(0, 16).replace("T", " ")}`,
    usedBy.length > 0 ? `in ${usedBy.join(", ")}` : "in no service",
  ])
  return { text: columns(rows), facts: { secrets } }
}

async function removeUnused({ engine, environment, dryRun }: Asked): Promise<Result> {
  const removed = await removeUnusedSecrets(engine, environment.stack, dryRun)
  const text =
    removed.length === 0
      ? "Every secret is current or in use. Nothing was removed."
      : removed.map((stored) => `${stored} ${dryRun ? "would be" : "was"} removed`).join("\n")
  return { text, facts: { removed, dryRun } }
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}
