import { attempt, docker } from "../testing/engine.ts"

/** What the section needs of where the sections work. */
export type PoolerSite = { address: string; image: string; images: { postgres: string } }

export const prefix = `docket-test-deploy-${process.pid}-pooler`
export const network = `${prefix}-network`
export const database = `${prefix}-database`
export const password = crypto.randomUUID()
const key = crypto.randomUUID() + crypto.randomUUID()

export const direct = `postgres://docket:${password}@${database}/docket`
export const through = (pooler: string) => `postgres://docket:${password}@${pooler}:6432/docket`

/** A container of the server's image, and where its port is published. */
export type Server = { name: string; origin: string }

export async function startServer(
  site: PoolerSite,
  title: string,
  variables: Record<string, string>,
): Promise<Server> {
  const name = `${prefix}-${title}`
  await run(name, site.image, { JWT_SECRET_KEY: key, ...variables }, ["--publish", "8000"])
  const port = (await docker("port", name, "8000/tcp")).split("\n")[0]!.split(":").at(-1)
  return { name, origin: `http://${site.address}:${port}` }
}

/** Starts the server, waits for its end, and returns its exit code and all that it said. */
export async function runToItsEnd(site: PoolerSite, variables: Record<string, string>) {
  const name = `${prefix}-refused`
  await run(name, site.image, { JWT_SECRET_KEY: key, ...variables })
  const code = await docker("wait", name)
  const { output } = await attempt("logs", name)
  await docker("rm", "--force", name)
  return { code, output }
}

/** Variables go by the environment of the command, so that no secret stands in a list of processes. */
export async function run(
  name: string,
  image: string,
  variables: Record<string, string>,
  flags: string[] = [],
) {
  const names = Object.keys(variables).flatMap((variable) => ["--env", variable])
  const child = Bun.spawn(
    ["docker", "run", "--detach", "--name", name, "--network", network, ...flags, ...names, image],
    { env: { ...process.env, ...variables }, stdout: "ignore", stderr: "pipe" },
  )
  const complaint = await new Response(child.stderr).text()
  if ((await child.exited) !== 0) throw new Error(`${name} does not start: ${complaint}`)
}

type Health = { checks: { database: { schema: { status: string; applied: number } } } }

/** The first answer of /health that is 200. Throws with the container's log after two minutes. */
export async function healthy(server: Server): Promise<Health> {
  let health: Health | undefined
  await until(`${server.name} is healthy`, async () => {
    const answer = await fetch(`${server.origin}/health`).catch(() => null)
    if (answer?.status === 200) health = (await answer.json()) as Health
    return health !== undefined
  }).catch(async (error) => {
    throw new Error(`${error.message}\n${(await logOf(server)).slice(-10).join("\n")}`)
  })
  return health!
}

/** One request that has to be answered by `status`. */
export async function ask<T = { id: string }>(
  server: Server,
  request: string,
  status: number,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<T> {
  const [method, path] = request.split(" ")
  const answer = await fetch(server.origin + path, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  if (answer.status !== status) throw new Error(`${request} answered ${answer.status}: ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}

export const logOf = async ({ name }: Server) => (await attempt("logs", name)).output.split("\n")

/** What psql prints of `sql`, asked through `pooler`. */
export const psqlThrough = (pooler: string, sql: string) =>
  docker("exec", database, "psql", through(pooler), "--no-align", "--tuples-only", "--quiet", "-c", sql)

/** Milliseconds: a database is made on a machine that is busy with other sections. */
const PATIENCE = 120_000

/** Throws after two minutes. */
export async function until(what: string, holds: () => Promise<boolean>) {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await Bun.sleep(200))
    if (await holds()) return
  throw new Error(`Not within ${PATIENCE / 1000} s: ${what}.`)
}
