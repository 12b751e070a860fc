import { attempt, docker } from "../testing/engine.ts"
import { database, image, network, prefix } from "./names.ts"

/** A running container of the image, and where its port is published. */
export type Server = { name: string; origin: string }

export const databasePassword = crypto.randomUUID()
export const databaseUrl = `postgres://docket:${databasePassword}@${database}/docket`
export const secretKey = crypto.randomUUID() + crypto.randomUUID()

/** As tight as it is meant to run: nothing to write to, no capability, no way to gain one. */
export const hardened = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]

type Options = { variables?: Record<string, string>; flags?: string[]; port?: number }

/** Starts the image, hardened, beside the database. Returns without waiting for it to answer. */
export async function startServer(
  title: string,
  { variables, flags = [], port = 8000 }: Options = {},
): Promise<Server> {
  const name = `${prefix}-${title}`
  const given = { DATABASE_URL: databaseUrl, JWT_SECRET_KEY: secretKey, ...variables }
  const environment = Object.entries(given).flatMap(([key, value]) => ["--env", `${key}=${value}`])
  const place = ["--name", name, "--network", network, "--publish", `127.0.0.1::${port}`]
  await docker("run", "--detach", ...place, ...hardened, ...environment, ...flags, image)
  return { name, origin: await originOf(name, port) }
}

/** Docker gives a container another port each time it starts. */
export const originOf = async (name: string, port = 8000) =>
  `http://${(await docker("port", name, `${port}/tcp`)).split("\n")[0]}`

/** The first answer of /health that is 200. Throws with the container's log when it ends or `seconds` are over. */
export async function healthy({ name, origin }: Server, seconds = 30): Promise<Record<string, unknown>> {
  const limit = performance.now() + seconds * 1000
  while (performance.now() < limit) {
    const answer = await fetch(`${origin}/health`).catch(() => undefined)
    if (answer?.status === 200) return (await answer.json()) as Record<string, unknown>
    await Bun.sleep(5)
  }
  throw new Error(
    `${name} is not healthy after ${seconds} s:\n${(await attempt("logs", "--tail", "20", name)).output}`,
  )
}

/** Seconds since the engine started the container. */
export async function age({ name }: Server) {
  return (Date.now() - Date.parse(await docker("inspect", "--format", "{{.State.StartedAt}}", name))) / 1000
}

export async function exitCode({ name }: Server) {
  return Number(await docker("inspect", "--format", "{{.State.ExitCode}}", name))
}

/** Sends `signal` and returns the seconds until the container has ended. */
export async function end(server: Server, signal = "TERM") {
  const began = performance.now()
  await docker("kill", "--signal", signal, server.name)
  await docker("wait", server.name)
  return (performance.now() - began) / 1000
}

/** One API request; `body` is sent as JSON, and the answer's is returned beside its status. */
export async function request(server: Server, method: string, path: string, body?: unknown, token?: string) {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers["Content-Type"] = "application/json"
  if (token) headers.Authorization = `Bearer ${token}`
  const answer = await fetch(server.origin + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined }
}

/** Runs SQL in the database's container and returns what psql prints, bare. */
export const psql = (sql: string) =>
  docker(
    "exec",
    database,
    "psql",
    "--username=docket",
    "--dbname=docket",
    "--no-align",
    "--tuples-only",
    "-c",
    sql,
  )
