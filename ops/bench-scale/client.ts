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
/** Streams that are opened at once: no more than a listening socket's queue takes. */
const AT_ONCE = 100
/** Milliseconds, and up to twice as many, after which one that was refused comes again, as a page does. */
const COME_AGAIN = 1_000
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
  const tokens = await tokensOf("person", count)
  if (tokens.length < count) throw new Error(`${tokens.length} people are there, ${count} streams are wanted`)
  const start = performance.now()
  let refused = 0
  const open = async (token: string) => {
    while (!(await openStream(origin, token))) {
      refused++
      await Bun.sleep(COME_AGAIN * (1 + Math.random()))
    }
  }
  for (let n = 0; n < count; n += AT_ONCE) await Promise.all(tokens.slice(n, n + AT_ONCE).map(open))
  answer({ openedAfterSeconds: (performance.now() - start) / 1000, refused })
  await Bun.sleep(holdSeconds * 1000)
}

/** True once the stream has said hello, false when it is refused. One that ends after its hello ends the bench. */
async function openStream(origin: string, token: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(origin)
  const tls = protocol === "https:"
  const request = `GET /api/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`
  const opened = Promise.withResolvers<boolean>()
  let text = ""
  const isOpen = () => text.includes("event: hello")
  await Bun.connect({
    hostname,
    port: Number(port || (tls ? 443 : 80)),
    ...(tls && { tls: { serverName: hostname, ca: readFileSync(process.env.NODE_EXTRA_CA_CERTS!) } }),
    socket: {
      open: (socket) => void (tls || socket.write(request)),
      // Before it, nothing that is written is sent.
      handshake: (socket) => void socket.write(request),
      data(socket, data) {
        if (isOpen()) return
        text += data.toString()
        if (isOpen()) opened.resolve(true)
        else if (!text.startsWith("HTTP/1.1 200")) socket.end()
      },
      close() {
        if (isOpen()) throw new Error("A stream that was open has ended.")
        opened.resolve(false)
      },
      error: (_socket, error) => opened.reject(error),
    },
  })
  return opened.promise
}

function requireFiles(count: number) {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]
  if (Number(limit) < count)
    throw new Error(`A process may hold ${limit} files here, and the bench needs ${count}.`)
}
