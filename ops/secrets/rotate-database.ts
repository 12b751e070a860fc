import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import { makeRoles } from "../swarm/roles.ts"
import { assignSecrets, currentSecrets, roleOf, storeSecret } from "../swarm/secrets.ts"
import { defaultImages } from "../swarm/stack.ts"
import { databaseRoles, SERVER_ROLES, stackDatabaseUrl } from "./contents.ts"
import { rollSecrets } from "./roll.ts"

/**
 * Gives the server the other one of its two login roles, with a new password: while it rolls both sign in, and afterwards
 * the role that was left can't any more.
 */
export async function rotateServerRole(change: Change): Promise<string> {
  const { engine, environment, stack, signal } = change
  const secrets = await currentSecrets(engine, stack)
  const current = secrets["database-url"]
  if (!current)
    throw new Refusal(3, `There is no database-url yet: bun run ops secrets ${environment.name} generate`)
  const role = await roleOf(engine, current)
  const next = SERVER_ROLES.find((name) => name !== role)!
  const stored = await storeSecret(engine, stack, "database-url", stackDatabaseUrl(next))
  await makeRoles(engine, environment, { secrets: { ...secrets, "database-url": stored }, signal })
  await rollSecrets(change, { "database-url": stored }, `Letting every replica sign in as ${next}`)
  if (!role) return `The server signs in as ${next}, with a new password.`
  await shutOut(change, role)
  return `The server signs in as ${next}, with a new password. ${role} can't sign in any more.`
}

/** A new password for a role that only jobs sign in as. While the lock is ours there is none of them. */
export async function rotateJobRole(
  { engine, environment, stack, signal }: Change,
  name: Exclude<keyof typeof databaseRoles, "database-url">,
): Promise<string> {
  const stored = await storeSecret(engine, stack, name, stackDatabaseUrl(databaseRoles[name]))
  const secrets = { ...(await currentSecrets(engine, stack)), [name]: stored }
  await makeRoles(engine, environment, { secrets, signal })
  await assignSecrets(engine, stack, { [name]: stored })
  return `${databaseRoles[name]} has a new password.`
}

async function shutOut({ engine, environment, stack }: Change, role: string) {
  const { "postgres-password": password } = await currentSecrets(engine, stack)
  const sql = `alter role ${role} nologin password null; select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`
  const { ended, reason, output } = await runOneShot(engine, {
    name: `${stack}_roles`,
    stack,
    image: environment.images.postgres ?? defaultImages.postgres,
    command: [
      "bash",
      "-c",
      `PGPASSWORD=$(</run/secrets/postgres-password) psql -v ON_ERROR_STOP=1 -qh database -U postgres -c "${sql}"`,
    ],
    secrets: { "postgres-password": password! },
    networks: [`${stack}_data`],
    seconds: 60,
  })
  if (ended !== "done")
    throw new Refusal(5, `The server has its new role, but ${role} may still sign in (${reason}): ${output}`)
}
