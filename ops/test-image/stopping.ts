import { check, expect } from "../testing/check.ts"
import { docker } from "../testing/engine.ts"
import { database } from "./names.ts"
import { person } from "./running.ts"
import { end, exitCode, healthy, psql, request, type Server, startServer } from "./server.ts"

const DRAIN_SECONDS = 3
/** `docker stop` kills after this many seconds. */
const LONGEST_STOP = 10

/** What becomes of requests while it stops. */
export async function checkStopping() {
  await check("answers a request that is in flight when SIGTERM arrives, then exits with 0", async () => {
    const server = await startServer("in-flight")
    await healthy(server)
    const { answer } = await slowRequest(server)
    const ended = end(server)
    const { status } = await answer
    expect(status === 201, `it was answered with ${status}`)
    const seconds = await ended
    expect((await exitCode(server)) === 0, `it ended with ${await exitCode(server)}`)
    return `${seconds.toFixed(1)} s`
  })
  await check("serves new callers for SHUTDOWN_DRAIN_SECONDS after SIGTERM", async () => {
    const server = await startServer("drain", { variables: { SHUTDOWN_DRAIN_SECONDS: `${DRAIN_SECONDS}` } })
    await healthy(server)
    const ended = end(server)
    let [answered, finished] = [0, false]
    void ended.then(() => {
      finished = true
    })
    const until = performance.now() + (DRAIN_SECONDS - 0.5) * 1000
    for (; performance.now() < until; answered++) {
      const { status } = await fetch(`${server.origin}/health/live`, { headers: { Connection: "close" } })
      expect(status === 200 && !finished, `after ${answered} answers: ${status}`)
      await Bun.sleep(50)
    }
    const seconds = await ended
    expect(seconds >= DRAIN_SECONDS && seconds <= DRAIN_SECONDS + 5, `it ended after ${seconds} s`)
    expect((await exitCode(server)) === 0, `it ended with ${await exitCode(server)}`)
    return `${answered} answers, ${seconds.toFixed(1)} s`
  })
  await check("does not drain on Ctrl-C", async () => {
    const server = await startServer("interrupt", { variables: { SHUTDOWN_DRAIN_SECONDS: "20" } })
    await healthy(server)
    const seconds = await end(server, "INT")
    expect(seconds <= 5, `it ended after ${seconds} s`)
    return `${seconds.toFixed(2)} s`
  })
  await check("stops within 5 s while it waits for a database that hangs", async () => {
    return withHangingDatabase(async () => {
      const server = await startServer("waiting")
      await Bun.sleep(1500)
      const seconds = await end(server)
      expect(seconds <= 5, `it ended after ${seconds} s`)
      return `${seconds.toFixed(1)} s`
    })
  })
  await check("stops within 10 s when its database hangs", async () => {
    const server = await startServer("hanging")
    await healthy(server)
    return withHangingDatabase(async () => {
      const seconds = await end(server)
      expect(seconds <= LONGEST_STOP, `it ended after ${seconds} s`)
      return `${seconds.toFixed(1)} s`
    })
  })
}

/** Freezes PostgreSQL while `during` runs: it accepts connections and answers nothing. */
async function withHangingDatabase<T>(during: () => Promise<T>): Promise<T> {
  await docker("pause", database)
  try {
    return await during()
  } finally {
    await docker("unpause", database)
  }
}

/** A request that has reached PostgreSQL and waits there for two seconds more. */
async function slowRequest(server: Server) {
  const session = await request(server, "POST", "/api/sessions", person)
  const token: string = session.body.accessToken
  const lock = psql("begin; lock table todos in access exclusive mode; select pg_sleep(3); commit")
  await until(
    "select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'todos'::regclass",
  )
  const answer = request(server, "POST", "/api/todos", { title: "While it stops" }, token)
  await until("select 1 from pg_locks where not granted and relation = 'todos'::regclass")
  return { answer: Promise.all([answer, lock]).then(([answered]) => answered) }
}

/** Waits until a query finds a row. */
async function until(sql: string) {
  for (let tries = 0; tries < 40; tries++) {
    if (await psql(sql)) return
    await Bun.sleep(50)
  }
  throw new Error(`nothing was found in time by: ${sql}`)
}
