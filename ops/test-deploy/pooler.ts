import { join } from "node:path"
import { check, expect } from "../testing/check.ts"
import { attempt, docker, removeAll } from "../testing/engine.ts"
import {
  ask,
  database,
  direct,
  healthy,
  logOf,
  network,
  type PoolerSite,
  password,
  prefix,
  psqlThrough,
  run,
  runToItsEnd,
  type Server,
  startServer,
  through,
  until,
} from "./pooler-servers.ts"

/** Sessions of PostgreSQL that the pooler shares out: far fewer than one server opens connections. */
const SESSIONS = 3

const pooler = `${prefix}-bouncer`
/** One that does not refuse what it cannot keep, so that nothing tells it from a database. */
const silentPooler = `${prefix}-silent`
const pooled = { DATABASE_URL: `${through(pooler)}?pgbouncer=true` }

/**
 * The server through a real PgBouncer in transaction mode, as on Neon's pooled address: all of it works, nothing that
 * belongs to a session is left behind, and what cannot work is said at the start.
 */
export async function checkPooler(site: PoolerSite) {
  const servers: Server[] = []
  let token = ""
  try {
    await check("PostgreSQL and two poolers start", () => startDatabase(site.images.postgres))
    await check("two servers start, migrate and answer", async () => {
      for (const title of ["one", "two"])
        servers.push(
          await startServer(site, title, {
            ...pooled,
            DATABASE_DIRECT_URL: direct,
            DATABASE_POOL_SIZE: "20",
          }),
        )
      const [health] = await Promise.all(servers.map(healthy))
      const { status, applied } = health!.checks.database.schema
      expect(status === "current", `The schema is ${status}.`)
      return `migration ${applied}; ${SESSIONS} sessions for two times 20 connections`
    })
    await check("people register, sign in and work, many at a time", async () => {
      token = await registers(servers)
      return works(servers, token)
    })
    await check("no prepared statement is left in any session", leavesNoStatements)
    await check("what one server changes the pages of another hear, by LISTEN past the pooler", async () => {
      for (const server of servers) {
        const warning = (await logOf(server)).find((line) => line.includes("notifications do not arrive"))
        expect(warning === undefined, `${server.name} warns: ${warning}`)
      }
      return changeArrives(servers[0]!, servers[1]!, token, 1500)
    })
    await check("where nothing leads past it and nothing tells, pages still hear", async () => {
      const deaf = await startServer(site, "deaf", { DATABASE_URL: through(silentPooler) })
      await healthy(deaf)
      await until("it notices", async () =>
        (await logOf(deaf)).some((line) => line.includes("notifications do not arrive")),
      )
      return changeArrives(servers[0]!, deaf, token, 8000)
    })
    await check("a pooled address alone is refused in a sentence, at once", () =>
      refuses(site, pooled, "DATABASE_DIRECT_URL is not set"),
    )
    await check("one that does not say that it is pooled as well", () =>
      refuses(site, { DATABASE_URL: through(pooler) }, "add ?pgbouncer=true to it"),
    )
    await check("and a way past the pooler that leads to it", () =>
      refuses(
        site,
        { ...pooled, DATABASE_DIRECT_URL: through(pooler) },
        "DATABASE_DIRECT_URL leads to a pooler",
      ),
    )
    await check("a pooler that is away is waited for, and all are well when it is back", () =>
      waits(site, servers),
    )
  } finally {
    await removeAll(prefix)
  }
}

async function startDatabase(postgres: string) {
  const image = `${prefix}-image`
  const folder = join(import.meta.dir, "pgbouncer")
  await docker("build", "--quiet", "--build-arg", `BASE=${postgres}`, "--tag", image, folder)
  await docker("network", "create", network)
  await run(database, postgres, {
    POSTGRES_USER: "docket",
    POSTGRES_DB: "docket",
    POSTGRES_PASSWORD: password,
  })
  await until("PostgreSQL answers", async () => {
    const ready = await attempt("exec", database, "pg_isready", "--host=127.0.0.1")
    return ready.exitCode === 0
  })
  await run(pooler, image, { SETTINGS: settings("") })
  await run(silentPooler, image, { SETTINGS: settings("ignore_startup_parameters = statement_timeout\n") })
}

/** `auth_type = any` looks at no password of clients and signs in to the database with its own. */
const settings = (more: string) => `[databases]
docket = host=${database} port=5432 user=docket password=${password}
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
unix_socket_dir =
pool_mode = transaction
default_pool_size = ${SESSIONS}
max_client_conn = 200
auth_type = any
${more}`

/** Returns the access token of a new account. */
async function registers([one, two]: Server[]): Promise<string> {
  const credentials = { email: "ada@example.org", password: "a long phrase of the tests" }
  await ask(one!, "POST /api/accounts", 201, { body: { ...credentials, name: "Ada" } })
  const { accessToken } = await ask<{ accessToken: string }>(two!, "POST /api/sessions", 201, {
    body: credentials,
  })
  return accessToken
}

async function works(servers: Server[], token: string): Promise<string> {
  const [one, two] = servers as [Server, Server]
  const list = await ask(one, "POST /api/lists", 201, { token, body: { name: "Through the pooler" } })
  const begun = performance.now()
  const rounds = Array.from({ length: 100 }, async (_, index) => {
    const [here, there] = index % 2 === 0 ? [one, two] : [two, one]
    const body = { listId: list.id, title: `Todo ${index}` }
    const { id } = await ask(here, "POST /api/todos", 201, { token, body })
    await ask(there, `PATCH /api/todos/${id}`, 200, { token, body: { notes: "seen by the other" } })
    await ask(here, `PUT /api/todos/${id}/completion`, 200, { token })
    await ask(there, `GET /api/todos?listId=${list.id}&limit=5`, 200, { token })
    await ask(here, `DELETE /api/todos/${id}`, 204, { token })
  })
  await Promise.all(rounds)
  const seconds = (performance.now() - begun) / 1000
  for (const server of servers) {
    const complaint = (await logOf(server)).find((line) => /"level":"error"|prepared statement/.test(line))
    expect(complaint === undefined, `${server.name} logged: ${complaint}`)
  }
  return `${rounds.length * 5} requests, 100 at a time, in ${seconds.toFixed(1)} s`
}

/** Asks every session at once: each transaction holds one while the others are asked. */
async function leavesNoStatements(): Promise<string> {
  const question =
    "begin; select pg_backend_pid(), (select count(*) from pg_prepared_statements); select pg_sleep(1); commit"
  const asked = Array.from({ length: SESSIONS }, () => psqlThrough(pooler, question))
  const answers = (await Promise.all(asked)).map((output) => /(\d+)\|(\d+)/.exec(output)!)
  const sessions = new Set(answers.map(([, pid]) => pid))
  expect(sessions.size === SESSIONS, `${sessions.size} of ${SESSIONS} sessions were seen.`)
  for (const [answer, , left] of answers) expect(left === "0", `Prepared statements are left: ${answer}`)
  return `${sessions.size} sessions looked into`
}

/** Opens a stream of events at `there`, makes a list at `here`, and says how long it took to be told of it. */
async function changeArrives(here: Server, there: Server, token: string, within: number): Promise<string> {
  const stream = await fetch(`${there.origin}/api/events`, { headers: { Authorization: `Bearer ${token}` } })
  expect(stream.ok, `The stream answered ${stream.status}.`)
  const told = { text: "" }
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of stream.body!) told.text += decoder.decode(chunk, { stream: true })
  })().catch(() => {})
  try {
    await until("the stream greets", async () => told.text.includes("event: hello"))
    const { id } = await ask(here, "POST /api/lists", 201, { token, body: { name: "News" } })
    const begun = performance.now()
    const seconds = () => (performance.now() - begun) / 1000
    // A list that is new is told of as a space that the account has come to be in.
    const arrived = () => told.text.includes(id) || told.text.includes("event: spaces")
    while (!arrived() && seconds() * 1000 < within) await Bun.sleep(10)
    expect(arrived(), `It was not told within ${within} ms: ${told.text}`)
    return `after ${seconds().toFixed(2)} s`
  } finally {
    await stream.body!.cancel().catch(() => {})
    await Promise.race([reading, Bun.sleep(1000)])
  }
}

/** A server that cannot work says why and ends, instead of being there and failing. */
async function refuses(
  site: PoolerSite,
  variables: Record<string, string>,
  sentence: string,
): Promise<string> {
  const begun = performance.now()
  const { code, output } = await runToItsEnd(site, variables)
  expect(code === "1", `It ended with ${code}: ${output}`)
  expect(output.includes(sentence), `It says: ${output}`)
  expect(!output.includes(password), "It tells the password.")
  return `${((performance.now() - begun) / 1000).toFixed(1)} s, its container made and removed`
}

async function waits(site: PoolerSite, servers: Server[]) {
  await docker("stop", "-t", "1", pooler)
  const late = await startServer(site, "late", { ...pooled, DATABASE_DIRECT_URL: direct })
  await until("it waits", async () =>
    (await logOf(late)).some((line) => line.includes("waiting for the database")),
  )
  await docker("start", pooler)
  await Promise.all([...servers, late].map(healthy))
}
