import { expect, test } from "bun:test"
import { followEvents } from "./events.ts"
import type { News } from "./protocol.ts"
import { virtualWorld } from "./testing/virtual-world.ts"

const SPACE = "0190a000-0000-7000-8000-000000000001"
const encoder = new TextEncoder()
const hello = 'retry: 3000\nevent: hello\ndata: {"epoch":"one"}\n\n'
const change = (rev: number) => `event: change\ndata: {"space":"${SPACE}","rev":${rev}}\n\n`
const bye = (retryMs: number) => `event: bye\ndata: {"reason":"restart","retryMs":${retryMs}}\n\n`

/** A server whose streams are written and ended by hand; it answers what `status` says. */
function follow({ seed = 1, status = 200 } = {}) {
  const world = virtualWorld(seed)
  const start = world.now()
  const news: News[] = []
  const streams: { controller: ReadableStreamDefaultController<Uint8Array>; signal: AbortSignal }[] = []
  const server = { status: status as number | "away", askedAt: [] as number[] }
  const stop = followEvents({
    world,
    onNews: (one) => news.push(one),
    async connect(signal) {
      server.askedAt.push(world.now() - start)
      if (server.status === "away") throw new TypeError("Failed to fetch")
      if (server.status !== 200) return new Response("", { status: server.status })
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          streams.push({ controller, signal })
          signal.addEventListener("abort", () => {
            try {
              controller.error(signal.reason)
            } catch {
              // It has ended.
            }
          })
        },
      })
      return new Response(body)
    },
  })
  return {
    world,
    news,
    server,
    streams,
    stop,
    async write(text: string | Uint8Array) {
      await world.settle()
      streams.at(-1)!.controller.enqueue(typeof text === "string" ? encoder.encode(text) : text)
      await world.settle()
    },
    async end() {
      streams.at(-1)!.controller.close()
      await world.settle()
    },
  }
}

test("what the stream tells is told, comments and hello are not", async () => {
  const { news, write } = follow()
  await write(hello + change(1) + change(2))
  await write(":\n\n")
  await write("event: spaces\ndata: {}\n\n")
  expect(news).toEqual([{ space: SPACE, rev: 1 }, { space: SPACE, rev: 2 }, null])
})

test("events are whole wherever the network cuts them, within a character too", async () => {
  const { news, write } = follow()
  const bytes = encoder.encode(`${hello}${change(1)}event: change\ndata: {"space":"é€😀","rev":2}\n\n`)
  for (const byte of bytes) await write(Uint8Array.of(byte))
  expect(news).toEqual([
    { space: SPACE, rev: 1 },
    { space: "é€😀", rev: 2 },
  ])
  await write("event: change\ndata: {")
  expect(news).toHaveLength(2)
})

test("a stream that ends is opened again after about a second, and then whatever it missed is asked for", async () => {
  const { world, news, server, write, end } = follow()
  await write(hello)
  await end()
  await world.pass(499)
  expect(server.askedAt).toHaveLength(1)
  await world.pass(1001)
  expect(server.askedAt).toHaveLength(2)
  expect(news).toEqual([null])
})

test("a server that is away is asked less and less often, at most every 90 seconds, and news is looked for meanwhile", async () => {
  const { world, news, server } = follow()
  server.status = "away"
  await world.settle()
  // The first stream was had; end it by silence.
  await world.pass(60_000)
  await world.pass(15 * 60_000)
  const waits = server.askedAt.slice(1).map((at, n) => at - server.askedAt[n]!)
  const [silence, ...backoffs] = waits
  expect(silence).toBeGreaterThanOrEqual(60_500)
  for (const [n, wait] of backoffs.entries()) {
    const middle = Math.min(60_000, 1000 * 2 ** (n + 1))
    expect(wait).toBeGreaterThanOrEqual(middle * 0.5)
    expect(wait).toBeLessThanOrEqual(middle * 1.5)
  }
  expect(backoffs.length).toBeGreaterThan(12)
  expect(news.length).toBe(server.askedAt.length - 1)
  expect(news.every((one) => one === null)).toBe(true)
})

test("devices that lose their stream together do not come back together", async () => {
  const returns = await Promise.all(
    Array.from({ length: 50 }, async (_, seed) => {
      const { world, server, write, end } = follow({ seed })
      await write(hello)
      await end()
      await world.pass(2000)
      return server.askedAt[1]!
    }),
  )
  expect(new Set(returns.map((at) => Math.floor(at / 100))).size).toBeGreaterThan(8)
})

test("the wait begins anew once a stream has told something", async () => {
  const { world, server, streams, write, end } = follow()
  await write(hello)
  await end()
  server.status = 503
  await world.pass(120_000)
  server.status = 200
  while (streams.length === 1) await world.pass(1000)
  await write(hello)
  const before = server.askedAt.length
  await end()
  await world.pass(1500)
  expect(server.askedAt).toHaveLength(before + 1)
})

test("a stream that says goodbye is opened again when it said", async () => {
  const { world, server, write, end } = follow()
  await write(hello + bye(37_000))
  await end()
  await world.pass(36_999)
  expect(server.askedAt).toHaveLength(1)
  await world.pass(1)
  expect(server.askedAt).toHaveLength(2)
})

test("a stream that is silent for a minute is given up, one that only shows that it is alive is not", async () => {
  const { world, server, streams, write } = follow()
  await write(hello)
  for (let n = 0; n < 10; n++) {
    await world.pass(25_000)
    await write(":\n\n")
  }
  expect(server.askedAt).toHaveLength(1)
  await world.pass(59_999)
  expect(streams[0]!.signal.aborted).toBe(false)
  await world.pass(1)
  expect(streams[0]!.signal.aborted).toBe(true)
  await world.pass(1500)
  expect(server.askedAt).toHaveLength(2)
})

test("what cannot be read ends the stream, and another is opened", async () => {
  const { world, server, streams, write } = follow()
  await write("event: change\ndata: {nonsense\n\n")
  expect(streams[0]!.signal.aborted).toBe(true)
  await world.pass(1500)
  expect(server.askedAt).toHaveLength(2)
})

test("once it is stopped nothing is told or asked any more", async () => {
  const { world, news, server, streams, write, stop } = follow()
  await write(hello)
  stop()
  await world.settle()
  expect(streams[0]!.signal.aborted).toBe(true)
  await world.pass(10 * 60_000)
  expect([server.askedAt.length, news.length]).toEqual([1, 0])

  const waiting = follow({ status: 503 })
  await waiting.world.settle()
  waiting.stop()
  await waiting.world.pass(10 * 60_000)
  expect(waiting.server.askedAt).toHaveLength(1)
})
