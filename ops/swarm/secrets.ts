import { scryptSync } from "node:crypto"
import { Refusal } from "../refusal.ts"
import type { Engine } from "./engine.ts"
import { EngineError } from "./engine-api.ts"
import type { Config, Secret } from "./engine-types.ts"
import { usage } from "./usage.ts"

/** What a stack can be given as files in /run/secrets; docs/deployment/host.md says who uses which. */
export const secretNames = [
  "database-url",
  "database-direct-url",
  "database-owner-url",
  "database-backup-url",
  "database-monitor-url",
  "backup-s3-access-key-id",
  "backup-s3-secret-access-key",
  "postgres-password",
  "archive-access-key-id",
  "archive-secret-access-key",
  "archive-passphrase",
  "jwt-secret-key",
  "jwt-secret-key-previous",
  "smtp-password",
  "mail-https-key",
  "metrics-token",
  "alert-smtp-url",
  "alert-webhook-url",
  "dead-man-url",
  "sentry-dsn",
  "otel-exporter-otlp-headers",
  "backup-report-token",
  "alertmanager-config",
  "grafana-password",
] as const
export type SecretName = (typeof secretNames)[number]

/** For each secret that the stack has, the Swarm secret that holds it. */
export type CurrentSecrets = Partial<Record<SecretName, string>>

export type StoredSecret = {
  /** The Swarm secret's name. */
  stored: string
  /** When it was stored, in ISO 8601. */
  at: string
  /** As what the stack is given it now; more than one while a key is rotated. */
  currentAs: SecretName[]
  /** The services, and tasks that still run, which it is mounted in. */
  usedBy: string[]
}

/** The largest content that Swarm takes, in bytes (moby/swarmkit, api/validation). */
const LARGEST_SECRET = 500 * 1024
const NAME_LABEL = "docket.secret"
const STACK_LABEL = "docket.stack"
/** Whom a connection URL signs in as: what was stored cannot be read back. */
const ROLE_LABEL = "docket.role"
const CURRENT_LABEL = "docket.current."

/**
 * Which Swarm secret is current for each name. A Swarm secret cannot be changed or read back, so a new content is a new
 * secret, and the one place that says which counts is the labels of the config `STACK_current-secrets`: they are
 * updated together and by version, so that the two keys of a rotation change places in one step. Names whose Swarm
 * secret is gone are left out.
 */
export async function currentSecrets(engine: Engine, stack: string): Promise<CurrentSecrets> {
  const [assignment, stored] = await Promise.all([
    findAssignment(engine, stack),
    storedSecrets(engine, stack),
  ])
  const names = new Set(stored.map(({ Spec: { Name } }) => Name))
  return Object.fromEntries(
    Object.entries(assigned(assignment)).filter(([, secret]) => names.has(secret)),
  ) as CurrentSecrets
}

/**
 * Keeps `content` in the Swarm and returns the secret's name, without making it current. The same content gives the
 * same name. Refuses (2) what Swarm would not take.
 */
export async function storeSecret(
  engine: Engine,
  stack: string,
  name: SecretName,
  content: string,
): Promise<string> {
  const bytes = Buffer.byteLength(content)
  if (bytes === 0 || bytes > LARGEST_SECRET)
    throw new Refusal(
      2,
      `${name} has ${bytes} bytes: a secret has at least one and at most ${LARGEST_SECRET}.`,
    )
  const stored = storedName(stack, name, content)
  const there = await storedSecrets(engine, stack)
  if (there.some(({ Spec: { Name } }) => Name === stored)) return stored
  await engine.post("/secrets/create", {
    Name: stored,
    Labels: {
      [NAME_LABEL]: name,
      [STACK_LABEL]: stack,
      ...(name.startsWith("database-") && { [ROLE_LABEL]: URL.parse(content)?.username ?? "" }),
    },
    Data: Buffer.from(content).toString("base64"),
  })
  return stored
}

/** What the Swarm secret with `content` is called: the same for the same content, on whichever Swarm. */
export const storedName = (stack: string, name: SecretName, content: string) =>
  `${stack}_${name}_${fingerprint(stack, name, content)}`

/** The role that the connection URL in a Swarm secret signs in as, if it was stored with one. */
export async function roleOf(engine: Engine, stored: string): Promise<string | undefined> {
  const { Spec } = await engine.get<Secret>(`/secrets/${stored}`)
  return Spec.Labels[ROLE_LABEL] || undefined
}

/**
 * Makes secrets current, all in one step; null takes a name away. What runs is not touched: the next roll takes them.
 * Two callers at once: the second sees the first's change, or tries again upon it.
 */
export async function assignSecrets(
  engine: Engine,
  stack: string,
  change: Partial<Record<SecretName, string | null>>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const assignment = await findAssignment(engine, stack)
    const next = Object.entries({ ...assigned(assignment), ...change }).filter(
      ([, stored]) => stored !== null,
    )
    const labels = {
      ...Object.fromEntries(next.map(([name, stored]) => [CURRENT_LABEL + name, stored])),
      [STACK_LABEL]: stack,
    }
    try {
      if (!assignment) {
        const Data = Buffer.from("Its labels say which secrets are current.\n").toString("base64")
        await engine.post("/configs/create", { Name: assignmentName(stack), Labels: labels, Data })
      } else {
        const version = `${assignment.Version.Index}`
        await engine.post(
          `/configs/${assignment.ID}/update`,
          { ...assignment.Spec, Labels: labels },
          { version },
        )
      }
      return
    } catch (error) {
      // Created or updated by another in between: "already exists", "update out of sequence".
      if (!(error instanceof EngineError) || attempt === 5) throw error
    }
  }
}

/** Every Swarm secret of the stack, newest first. */
export async function listSecrets(engine: Engine, stack: string): Promise<StoredSecret[]> {
  const [stored, current, used] = await Promise.all([
    storedSecrets(engine, stack),
    currentSecrets(engine, stack),
    usage(engine, ({ Secrets }) => (Secrets ?? []).map(({ SecretName }) => SecretName)),
  ])
  return stored
    .map(({ CreatedAt, Spec: { Name } }) => ({
      stored: Name,
      at: CreatedAt,
      currentAs: secretNames.filter((name) => current[name] === Name),
      usedBy: used.get(Name) ?? [],
    }))
    .sort((one, other) => other.at.localeCompare(one.at))
}

/** Removes the stack's secrets that are neither current nor used, and returns their names. */
export async function removeUnusedSecrets(engine: Engine, stack: string, dryRun = false): Promise<string[]> {
  const unused = (await listSecrets(engine, stack)).filter(
    ({ currentAs, usedBy }) => currentAs.length === 0 && usedBy.length === 0,
  )
  if (!dryRun) for (const { stored } of unused) await engine.delete(`/secrets/${stored}`)
  return unused.map(({ stored }) => stored)
}

const assignmentName = (stack: string) => `${stack}_current-secrets`

async function findAssignment(engine: Engine, stack: string): Promise<Config | undefined> {
  // The engine's filter also finds names that only begin so.
  const found = await engine.list<Config>("/configs", { name: [assignmentName(stack)] })
  return found.find(({ Spec: { Name } }) => Name === assignmentName(stack))
}

const assigned = (assignment: Config | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(assignment?.Spec.Labels ?? {})
      .filter(([label]) => label.startsWith(CURRENT_LABEL))
      .map(([label, stored]) => [label.slice(CURRENT_LABEL.length), stored]),
  )

const storedSecrets = (engine: Engine, stack: string) =>
  engine.list<Secret>("/secrets", { label: [`${STACK_LABEL}=${stack}`] })

/** Eight hexadecimal digits. By scrypt, because names are shown in logs and a short password must not be guessed from one. */
const fingerprint = (stack: string, name: string, content: string) =>
  scryptSync(content, `${stack}/${name}`, 4).toString("hex")
