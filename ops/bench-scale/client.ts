import { readFileSync } from "node:fs"
import { connect } from "../../server/database/connect.ts"
import { createAccessTokens } from "../../server/sessions/access-token.ts"
import { seed } from "../../server/testing/seed.ts"
import { load, percentile, send } from "../bench/load.ts"
import type { LoadAnswer, Question, StreamsAnswer } from "./question.ts"

/**
 * The load of bench-scale.ts, which runs in a container on the stack's networks: `bun client.js QUESTION`. Knows the
 * server's own secrets, so nobody needs to sign in. Its last line is the answer.
 */
const CONNECTIONS = 20
const CALLERS = 100
/** Beside the sockets. */
const SPARE_FILES = 100

const secret = (name: string) => readFileSync(`/run/secrets/${name}`, "utf8").trim()
const answer = (said: LoadAnswer | StreamsAnswer | { seeded: number }) => console.log(JSON.stringify(said))

const question = JSON.parse(process.argv[2]!) as Question
if (question.do === "seed") await fill(question.people)
else if (question.do === "load") await ask(question)
else await hold(question)
process.exit(0)

/** People with six spaces each, and some with lists that are worth listing. */
async function fill(people: number) {
  // The server's role may not do all that filling a database takes.
  const sql = connect(secret("database-owner-url"), { max: 1, statementTimeout: 0 })
  const portion = { lists: 5, todos: 2, passwordHash: "not a hash" }
  for (let n = 0; n < people; n += 1000)
    await seed(sql, { ...portion, accounts: Math.min(1000, people - n), prefix: `person${n}-` })
  await seed(sql, { ...portion, accounts: CALLERS, todos: 200, prefix: "caller" })
  await sql`
    insert into sessions (account_id, address, refresh_family)
    select id, '127.0.0.1', sha256(id::text::bytea) from accounts`
  await sql.end()
  answer({ seeded: people })
}

/** Access tokens of the people whose address begins with `prefix`. */
async function tokensOf(prefix: string, count: number): Promise<string[]> {
  const sql = connect(secret("database-url"), { max: 1, statementTimeout: 0 })
  const sessions = await sql<{ id: string; accountId: string }[]>`
    select sessions.id, account_id from sessions join accounts on accounts.id = account_id
    where email like ${`${prefix}%`} order by email limit ${count}`
  await sql.end()
  const tokens = createAccessTokens({ jwtSecretKey: secret("jwt-secret-key"), jwtSecretKeyPrevious: null })
  return Promise.all(sessions.map(({ id, accountId }) => tokens.sign({ accountId, sessionId: id })))
}

async function ask({ origin, request, seconds }: Extract<Question, { do: "load" }>) {
  const headers = (await tokensOf("caller", CALLERS)).map((token) => ({
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
  }))
  const body = (n: number) => JSON.stringify({ title: `Todo ${n}` })
  const requests = {
    live: () => send(`${origin}/health/live`),
    list: (n: number) => send(`${origin}/api/todos?limit=50`, { headers: headers[n % CALLERS]! }),
    create: (n: number) =>
      send(`${origin}/api/todos`, {
        method: "POST",
        status: 201,
        headers: headers[n % CALLERS]!,
        body: body(n),
      }),
  }
  const { latencies, elapsed } = await load(async (n) => void (await requests[request](n)), {
    connections: CONNECTIONS,
    duration: seconds * 1000,
  })
  const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)]
  answer({ requests: latencies.length, elapsed, p50, p99 })
}

/** Opens `count` streams, each of another person, says so when all have said hello, and holds them. */
async function hold({ origin, count, holdSeconds }: Extract<Question, { do: "streams" }>) {
  requireFiles(count + SPARE_FILES)
  const { protocol, hostname, port } = new URL(origin)
  const tls = protocol === "https:"
  const tokens = await tokensOf("person", count)
  if (tokens.length < count) throw new Error(`${tokens.length} people are there, ${count} streams are wanted`)
  const start = performance.now()
  let open = 0
  const all = Promise.withResolvers<void>()
  const connectOne = async (token: string) => {
    let text = ""
    const request = `GET /api/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`
    await Bun.connect({
      hostname,
      port: Number(port || (tls ? 443 : 80)),
      ...(tls && { tls: { serverName: hostname, ca: readFileSync(process.env.NODE_EXTRA_CA_CERTS!) } }),
      socket: {
        open: (socket) => void (tls || socket.write(request)),
        // Before it, nothing that is written to it is sent.
        handshake: (socket) => void socket.write(request),
        data: (_socket, data) => {
          if (text.includes("event: hello")) return
          text += data.toString()
          if (!text.includes("event: hello")) return
          open++
          if (open === count) all.resolve()
        },
        close: () => all.reject(new Error(`a stream was closed, ${open} are open: ${text.slice(0, 300)}`)),
        error: (_socket, error) => all.reject(error),
      },
    })
  }
  // No more at once than a listening socket's queue takes.
  for (let n = 0; n < count; n += 100) await Promise.all(tokens.slice(n, n + 100).map(connectOne))
  await all.promise
  answer({ openedAfterSeconds: (performance.now() - start) / 1000 })
  await Bun.sleep(holdSeconds * 1000)
}

function requireFiles(count: number) {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]
  if (Number(limit) < count)
    throw new Error(`A process may hold ${limit} files here, and the bench needs ${count}.`)
}
