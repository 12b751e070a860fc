import type { Engine } from "../swarm/engine.ts"
import { assignSecrets, currentSecrets, type SecretName, storeSecret } from "../swarm/secrets.ts"
import { databaseRoles, randomPassword, stackDatabaseUrl } from "./contents.ts"

/** Which database the environment has: its own in the stack, or one elsewhere whose URLs only a person knows. */
type Deployment = { stack: string; database: "stack" | "outside" }

/**
 * Makes what a new environment needs and does not have yet, and returns the names. What is there stays as it is: a
 * second run makes nothing. The contents go to the Swarm and nowhere else.
 */
export async function generateSecrets(
  engine: Engine,
  { stack, database }: Deployment,
  dryRun: boolean,
): Promise<SecretName[]> {
  const current = await currentSecrets(engine, stack)
  const missing = Object.entries(generators(database)).filter(([name]) => !current[name as SecretName])
  if (dryRun) return missing.map(([name]) => name as SecretName)
  const made: Partial<Record<SecretName, string>> = {}
  for (const [name, generate] of missing)
    made[name as SecretName] = await storeSecret(engine, stack, name as SecretName, generate())
  if (missing.length > 0) await assignSecrets(engine, stack, made)
  return Object.keys(made) as SecretName[]
}

function generators(database: Deployment["database"]): Partial<Record<SecretName, () => string>> {
  const urls = Object.entries(databaseRoles).map(([name, role]) => [name, () => stackDatabaseUrl(role)])
  return {
    "jwt-secret-key": randomPassword,
    "metrics-token": randomPassword,
    "backup-report-token": randomPassword,
    ...(database === "stack" && { "postgres-password": randomPassword, ...Object.fromEntries(urls) }),
  }
}
