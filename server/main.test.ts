import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from "bun:test"
import { connect as connectSocket } from "node:net"
import { connect, type Pool } from "./database/connect.ts"
import { startEmbedded } from "./database/embedded.ts"
import { freePort } from "./free-port.ts"
import { testDatabase } from "./testing/database.ts"
import { type ServerProcess, startServer, untilListening } from "./testing/server-process.ts"

// Processes are started and stopped here, on machines that may be busy with other tests.
setDefaultTimeout(90_000)

const { url } = await testDatabase()
const running: ServerProcess[] = []

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL")
    await server.exited
  }
})

async function start(environment: Record<string, string> = {}) {
  const server = await startServer({ DATABASE_URL: url, ...environment })
  running.push(server)
  return server
}

const listening = async (environment?: Record<string, string>) => untilListening(await start(environment))
const messages = (server: ServerProcess) => server.log().map(({ message }) => message)

/** A request whose body is not sent whole yet: it stays in flight until `finish`. */
function slowRequest({ port }: URL) {
  const socket = connectSocket(Number(port), "127.0.0.1")
  let received = ""
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()))
  socket.on("data", (data) => {
    received += data
  })
  socket.on("error", () => {})
  const body = '{"email":"nobody@example.org","password":"a password of nobody"}'
  socket.write(
    `POST /api/sessions HTTP/1.1\r\nHost: docket\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  return {
    finish: async () => {
      socket.write(body.slice(10))
      await until(() => received)
      socket.end()
      await closed
      return received
    },
  }
}

/** Looks again and again until `condition` holds, for 30 s at most; the expectation that follows says what was missing. */
async function until(condition: () => unknown) {
  for (const end = performance.now() + 30_000; performance.now() < end; await Bun.sleep(50)) {
    if (await condition()) return
  }
}

describe("stopping", () => {
  test("on SIGTERM it ends well and at once, idle connections or not", async () => {
    const server = await listening()
    const idle = connectSocket(Number(server.url.port), "127.0.0.1")
    idle.on("error", () => {})
    idle.write("GET /health/live HTTP/1.1\r\nHost: docket\r\n\r\n")
    await new Promise((resolve) => idle.once("data", resolve))
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
    expect(messages(server)).toContain("stopped")
    idle.destroy()
  })

  test("what is in flight is answered", async () => {
    const server = await listening()
    const slow = slowRequest(server.url)
    await Bun.sleep(200)
    server.kill("SIGTERM")
    await Bun.sleep(500)
    expect(await slow.finish()).toStartWith("HTTP/1.1 401 ")
    expect(await server.exited).toBe(0)
  })

  test("it serves on while load balancers look away, but not after Ctrl-C", async () => {
    const server = await listening({ SHUTDOWN_DRAIN_SECONDS: "45" })
    server.kill("SIGTERM")
    await Bun.sleep(500)
    expect((await fetch(new URL("/health", server.url))).status).toBe(200)
    expect(messages(server)).toContain("stopping")
    server.kill("SIGINT")
    // Much sooner than the drain would have ended.
    expect(await Promise.race([server.exited, Bun.sleep(30_000)])).toBe(0)
  })
})

test("behind https, watched and measured, it serves", async () => {
  const server = await listening({
    FRONTEND_URL: "https://docket.invalid",
    METRICS_TOKEN: "a token that is long enough for metrics",
    DEAD_MAN_URL: "http://127.0.0.1:9/",
    ALERT_WEBHOOK_URL: "http://127.0.0.1:9/",
  })
  expect((await fetch(new URL("/health", server.url))).status).toBe(200)
  server.kill("SIGTERM")
  expect(await server.exited).toBe(0)
})

describe("what an operator is told, in one sentence", () => {
  const refused = async (environment: Record<string, string>, sentence: RegExp) => {
    const server = await start(environment)
    expect(await server.exited).toBe(1)
    expect(server.output()).toMatch(sentence)
    expect(server.output()).not.toContain("    at ")
    expect(server.output()).not.toContain("s3cret")
  }

  test("a port that is taken, by workers too", async () => {
    const taken = Bun.listen({ hostname: "0.0.0.0", port: 0, socket: { data() {} } })
    const sentence = new RegExp(`Port ${taken.port} is in use`)
    await refused({ PORT: `${taken.port}` }, sentence)
    await refused({ PORT: `${taken.port}`, WORKERS: "2" }, sentence)
    taken.stop(true)
    const server = await listening({ WORKERS: "2" })
    await refused({ PORT: server.url.port, WORKERS: "2" }, /is in use/)
  })

  test("a database that is not there, or lets nobody in", async () => {
    const wrong = (change: Partial<URL>) => ({ DATABASE_URL: Object.assign(new URL(url), change).href })
    await refused(wrong({ pathname: "/nothing" }), /does not exist/)
    await refused(wrong({ password: "s3cret-and-wrong" }), /refuses the user or the password/)
  })

  test("a database that lacks a migration, where a deploy migrates", async () => {
    const database = `bare_${Bun.randomUUIDv7().replaceAll("-", "")}`
    await inCluster(url, (sql) => sql.unsafe(`create database ${database} template template0`))
    afterAll(() => inCluster(url, (sql) => sql.unsafe(`drop database ${database} with (force)`)))
    const bare = Object.assign(new URL(url), { pathname: `/${database}` }).href
    await refused(
      { DATABASE_URL: bare, MIGRATE_AT_START: "false" },
      /lacks 0001_accounts\.sql and \d+ more.*bun migrate/,
    )
  })
})

describe("several workers", () => {
  test("share the port, are started again when one crashes, and end together", async () => {
    const server = await listening({ WORKERS: "2" })
    const workers = () => workersOf(server)
    await until(() => workers().length === 2)
    const before = workers()
    expect(before).toHaveLength(2)
    process.kill(before[0]!, "SIGKILL")
    await until(() => workers().length === 2 && !workers().includes(before[0]!))
    const after = workers()
    expect(after).toHaveLength(2)
    expect(after).toContain(before[1]!)
    expect((await fetch(new URL("/health/live", server.url))).status).toBe(200)
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
    for (const worker of after) expect(() => process.kill(worker, 0)).toThrow()
  })

  test("end when the one that started them is gone", async () => {
    const server = await listening({ WORKERS: "2" })
    await until(() => workersOf(server).length === 2)
    const workers = workersOf(server)
    expect(workers).toHaveLength(2)
    server.kill("SIGKILL")
    const gone = () => workers.every((worker) => !isAlive(worker))
    await until(gone)
    expect(gone()).toBe(true)
  })
})

describe("a database that goes away", () => {
  test("requests in between get a 503 that says when to come back, and the process recovers", async () => {
    const address = await freePort()
    const own = await startEmbedded("away", { disposable: true })
    let port = Number(new URL(own.url("postgres")).port)
    // The embedded database takes another port each time; this one stays.
    const proxy = forward(address, () => port)
    afterAll(() => proxy.stop(true))
    const database = `away_${Bun.randomUUIDv7().replaceAll("-", "")}`
    await inCluster(own.url("postgres"), (sql) => sql.unsafe(`create database ${database}`))
    const through = Object.assign(new URL(own.url(database)), { port: `${address}` }).href
    const server = await listening({ DATABASE_URL: through })
    const ask = () => fetch(new URL("/api/sessions", server.url), signIn)
    expect((await ask()).status).toBe(401)

    await own.stop()
    for (const answer of [await ask(), ...(await Promise.all([ask(), ask(), ask()]))]) {
      expect(answer.status).toBe(503)
      expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0)
      expect(await answer.json()).toMatchObject({ type: "urn:docket:problem:database-unavailable" })
    }
    expect((await fetch(new URL("/health/live", server.url))).status).toBe(200)
    expect((await fetch(new URL("/health", server.url))).status).toBe(503)

    const again = await startEmbedded("away", { disposable: true })
    afterAll(async () => {
      await inCluster(again.url("postgres"), (sql) => sql.unsafe(`drop database ${database} with (force)`))
      await again.stop()
    })
    port = Number(new URL(again.url("postgres")).port)
    await until(async () => (await ask()).status === 401)
    expect((await ask()).status).toBe(401)
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
  })

  test("where a deploy migrates, it is not waited for: the process answers, and serves once it is there", async () => {
    const address = await freePort()
    const away = Object.assign(new URL(url), { port: `${address}` }).href
    const server = await listening({ DATABASE_URL: away, MIGRATE_AT_START: "false" })
    const ask = () => fetch(new URL("/api/sessions", server.url), signIn)
    expect((await ask()).status).toBe(503)
    const proxy = forward(address, () => Number(new URL(url).port))
    await until(async () => (await ask()).status === 401)
    expect((await ask()).status).toBe(401)
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
    proxy.stop(true)
    const waiting = await listening({ DATABASE_URL: away, MIGRATE_AT_START: "false" })
    waiting.kill("SIGTERM")
    expect(await waiting.exited).toBe(0)
  })

  test("waiting for it can be ended", async () => {
    const server = await start({ DATABASE_URL: "postgres://docket@127.0.0.1:9/docket" })
    await until(() => messages(server).includes("waiting for the database"))
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
  })

  test("it is waited for at the start", async () => {
    const address = await freePort()
    const server = await start({ DATABASE_URL: Object.assign(new URL(url), { port: `${address}` }).href })
    await until(() => messages(server).includes("waiting for the database"))
    const proxy = forward(address, () => Number(new URL(url).port))
    await untilListening(server)
    server.kill("SIGTERM")
    expect(await server.exited).toBe(0)
    proxy.stop(true)
  })
})

async function inCluster(url: string, work: (sql: Pool) => Promise<unknown>) {
  const sql = connect(url, { max: 1, statementTimeout: 10_000 })
  await work(sql)
  await sql.end()
}

const signIn = {
  method: "POST",
  body: '{"email":"nobody@example.org","password":"a password of nobody"}',
  headers: { "Content-Type": "application/json" },
}

/** Passes connections to `port` on to whatever `target` says at the time. */
function forward(port: number, target: () => number) {
  type Pipe = { other: ReturnType<typeof connectSocket> }
  return Bun.listen<Pipe>({
    hostname: "127.0.0.1",
    port,
    socket: {
      open(socket) {
        const other = connectSocket(target(), "127.0.0.1")
        socket.data = { other }
        other.on("data", (data) => socket.write(data))
        other.on("error", () => socket.terminate())
        other.on("close", () => socket.end())
      },
      data: (socket, data) => {
        socket.data.other.write(Buffer.from(data))
      },
      close: (socket) => {
        socket.data.other.destroy()
      },
    },
  })
}

/** The processes that have said that they listen, and live. */
const workersOf = (server: ServerProcess) =>
  server
    .log()
    .filter(({ message }) => message === "listening")
    .map(({ pid }) => Number(pid))
    .filter(isAlive)

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
