import { attempt, docker } from "./engine.ts"
import { until } from "./until.ts"

/** Of every role that can sign in. */
export const PASSWORD = "a password of the tests"

/**
 * Starts PostgreSQL's `image` as `container`, published at `address`, and returns where its database `docket` is, for the
 * superuser. `options` go to `docker run`.
 */
export async function startPostgres(
  container: string,
  { image, address }: { image: string; address: string },
  ...options: string[]
): Promise<string> {
  const variables = ["--env", `POSTGRES_PASSWORD=${PASSWORD}`, "--env", "POSTGRES_DB=docket"]
  await docker(
    ...["run", "--detach", "--name", container, "--shm-size", "256m", "--publish", `${address}::5432`],
    ...[...variables, ...options, image],
  )
  return postgresOf(container, address)
}

/** The same once it answers, after a start by another: an engine may publish it at another port then. */
export async function postgresOf(container: string, address: string): Promise<string> {
  // The first server of the image, which only sets up, does not listen.
  const ready = ["exec", container, "pg_isready", "--quiet", "--host", "127.0.0.1"]
  await until(`PostgreSQL in ${container} answers`, async () => (await attempt(...ready)).exitCode === 0)
  const port = (await docker("port", container, "5432/tcp")).split("\n")[0]!.split(":").pop()
  return `postgres://postgres:${encodeURIComponent(PASSWORD)}@${address}:${port}/docket`
}

/** The same database, by another role with the same password. */
export const withUser = (url: string, user: string) => Object.assign(new URL(url), { username: user }).href
