import { afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import { readStream, tells } from "../testing/event-stream.ts"
import { type ServerProcess, startServer, untilListening } from "../testing/server-process.ts"

// Processes are started and stopped here, on machines that may be busy with other tests.
setDefaultTimeout(90_000)

const docket = await testApp()
const running: ServerProcess[] = []

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL")
    await server.exited
  }
})

async function start(environment: Record<string, string> = {}) {
  const server = await startServer({ DATABASE_URL: docket.dependencies.config.databaseUrl, ...environment })
  running.push(server)
  return untilListening(server)
}

const get = (server: ServerProcess, { token }: SignedIn) =>
  fetch(new URL("/api/events", server.url), { headers: { Authorization: `Bearer ${token}` } })
const follow = async (server: ServerProcess, person: SignedIn) => readStream(await get(server, person))
const add = async (server: ServerProcess, { token }: SignedIn) => {
  const answer = await fetch(new URL("/api/todos", server.url), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ title: "Something" }),
  })
  return (await answer.json()) as { listId: string; rev: number }
}

test("what is written through one replica is told by the other, at once", async () => {
  const ann = await signIn(docket)
  const [one, two] = await Promise.all([start(), start()])
  const stream = await follow(two, ann)
  await stream.until(({ event }) => event === "hello")
  const took = []
  for (let n = 0; n < 5; n += 1) {
    const sent = performance.now()
    const { listId, rev } = await add(one, ann)
    expect(await stream.until(tells(listId, rev))).not.toBeNull()
    took.push(performance.now() - sent)
  }
  // What is heard by looking takes seconds.
  expect(Math.min(...took)).toBeLessThan(1000)
  await stream.close()
})

test("workers behind one port tell of each other's writes", async () => {
  const ann = await signIn(docket)
  const server = await start({ WORKERS: "2" })
  const streams = await Promise.all(Array.from({ length: 8 }, () => follow(server, ann)))
  const { listId, rev } = await add(server, ann)
  for (const stream of streams) expect(await stream.until(tells(listId, rev))).not.toBeNull()
  await Promise.all(streams.map((stream) => stream.close()))
})

test("a server that stops ends its streams cleanly, is not held up by them, and names different times to come again", async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => signIn(docket)))
  const server = await start()
  const streams = await Promise.all(people.map((person) => follow(server, person)))
  await Promise.all(streams.map((stream) => stream.until(({ event }) => event === "hello")))
  server.kill("SIGTERM")
  await Promise.all(streams.map(({ ended }) => ended))
  for (const { events } of streams)
    expect(events.at(-1)).toMatchObject({ event: "bye", data: { reason: "restart" } })
  expect(new Set(streams.map(({ retry }) => retry())).size).toBeGreaterThan(10)
  expect(await Promise.race([server.exited, Bun.sleep(15_000)])).toBe(0)
})

test("after a restart the stream begins with what changed while it was away", async () => {
  const ann = await signIn(docket)
  const first = await start()
  const before = await follow(first, ann)
  await before.until(({ event }) => event === "hello")
  first.kill("SIGTERM")
  await first.exited
  const { listId, rev } = await (
    await ann.request("POST", "/api/todos", { body: { title: "Meanwhile" } })
  ).json()
  const after = await follow(await start(), ann)
  expect(await after.until(tells(listId, rev))).not.toBeNull()
  await after.close()
})
