import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { createApp } from "../app.ts"
import { readConfig } from "../config.ts"
import { watchQueries } from "../database/watched-queries.ts"
import { createLog } from "../log.ts"
import { signIn, testApp } from "../testing/app.ts"
import { readTraceparent } from "../trace-context.ts"
import type { Span } from "./otlp.ts"
import { SpanQueue } from "./span-queue.ts"
import { Traces } from "./traces.ts"

type Attribute = { key: string; value: { stringValue?: string; intValue?: string } }
type Received = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  status?: { code: number }
}

/** A collector that keeps what it is sent over HTTP. */
function collector() {
  const spans: Received[] = []
  const requests: { path: string; token: string | null; resource: Attribute[] }[] = []
  let answer = () => new Response("{}")
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { resourceSpans } = (await request.json()) as {
        resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Received[] }[] }[]
      }
      const response = answer()
      requests.push({
        path: new URL(request.url).pathname,
        token: request.headers.get("authorization"),
        resource: resourceSpans[0]!.resource.attributes,
      })
      if (response.ok)
        spans.push(...resourceSpans.flatMap((one) => one.scopeSpans.flatMap(({ spans }) => spans)))
      return response
    },
  })
  afterAll(() => server.stop(true))
  return {
    url: `http://127.0.0.1:${server.port}`,
    spans,
    requests,
    answers: (with_: () => Response) => {
      answer = with_
    },
  }
}

const lines: string[] = []
const log = await createLog({ logLevel: "info", environment: "test" }, { write: (line) => lines.push(line) })
const settings = { headers: { authorization: "Bearer a secret" }, version: "1.2.3", environment: "test" }
const span = (n = 0): Span => ({
  traceId: "1".repeat(32),
  parentId: null,
  spanId: "2".repeat(16),
  name: `span ${n}`,
  kind: "server",
  startedAt: 1_700_000_000_000.25,
  seconds: 0.001,
  attributes: {},
  failed: false,
})
const of = ({ attributes }: Received, key: string) => attributes.find((one) => one.key === key)?.value
beforeEach(() => void lines.splice(0))

describe("a request", () => {
  test("has a span, and each of its statements one within it, under the request's id", async () => {
    const { url, spans, requests } = collector()
    const docket = await testApp()
    const queue = new SpanQueue({ ...settings, endpoint: url }, log)
    const traces = new Traces(queue)
    afterAll(watchQueries(docket.dependencies.sql, traces))
    const app = createApp({ ...docket.dependencies, traces, log })
    const person = await signIn(docket)
    const ask = (path: string, headers: Record<string, string> = {}) =>
      app.handle(
        new Request(`http://localhost${path}`, {
          headers: { Authorization: `Bearer ${person.token}`, ...headers },
        }),
      )
    const [one, other] = await Promise.all([ask("/api/todos?limit=5"), ask("/api/lists")])
    await ask("/api/lists", { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` })
    await ask("/api/lists", { traceparent: `00-${"c".repeat(32)}-${"d".repeat(16)}-00` })
    await queue.stop()
    const byRequest = (response: Response) => response.headers.get("X-Request-Id")!.replaceAll("-", "")
    const ofTrace = (id: string) => spans.filter(({ traceId }) => traceId === id)
    for (const [response, route] of [
      [one, "/api/todos"],
      [other, "/api/lists"],
    ] as const) {
      const found = ofTrace(byRequest(response))
      const server = found.find(({ kind }) => kind === 2)!
      expect(server.name.replace(/\/$/, "")).toBe(`GET ${route}`)
      expect(server.parentSpanId).toBeUndefined()
      expect(of(server, "docket.request_id")?.stringValue).toBe(response.headers.get("X-Request-Id")!)
      expect(of(server, "http.response.status_code")?.intValue).toBe("200")
      const statements = found.filter(({ kind }) => kind === 3)
      expect(statements.length).toBeGreaterThan(0)
      for (const statement of statements) {
        expect(statement.parentSpanId).toBe(server.spanId)
        expect(BigInt(statement.startTimeUnixNano) >= BigInt(server.startTimeUnixNano) - 1_000_000n).toBe(
          true,
        )
        expect(BigInt(statement.endTimeUnixNano) <= BigInt(server.endTimeUnixNano) + 1_000_000n).toBe(true)
      }
      const [line] = lines.filter((line) => line.includes(response.headers.get("X-Request-Id")!))
      expect(JSON.parse(line!).traceId).toBe(byRequest(response))
    }
    const [joined] = ofTrace("a".repeat(32)).filter(({ kind }) => kind === 2)
    expect(joined!.parentSpanId).toBe("b".repeat(16))
    expect(ofTrace("c".repeat(32))).toEqual([])
    expect(requests[0]).toMatchObject({ path: "/v1/traces", token: "Bearer a secret" })
    expect(requests[0]!.resource.find(({ key }) => key === "service.version")?.value.stringValue).toBe(
      "1.2.3",
    )
    expect(JSON.stringify(spans)).not.toContain(person.token)
  })
})

describe("the queue", () => {
  test("is bounded, and counts what it drops", async () => {
    const { url, spans, answers } = collector()
    answers(() => new Response(null, { status: 503 }))
    const queue = new SpanQueue({ ...settings, endpoint: url }, log)
    for (let n = 0; n < 10_000; n += 1) queue.add(span(n))
    expect(queue.dropped).toBeGreaterThan(5_000)
    await queue.stop()
    expect(queue.sent).toBe(0)
    expect(queue.dropped).toBe(10_000)
    expect(spans).toEqual([])
    expect(lines.filter((line) => line.includes("takes no spans"))).toHaveLength(1)
    expect(lines.join("")).not.toContain("secret")
  })

  test("goes on when the collector is back, and sends what waits at the end", async () => {
    const { url, spans, answers } = collector()
    answers(() => new Response(null, { status: 500 }))
    const queue = new SpanQueue({ ...settings, endpoint: url }, log, 20)
    queue.add(span())
    while (queue.dropped < 1) await Bun.sleep(5)
    answers(() => new Response("{}"))
    queue.add(span())
    while (queue.sent < 1) await Bun.sleep(5)
    queue.add(span())
    await queue.stop()
    expect([queue.sent, queue.dropped, spans.length]).toEqual([2, 1, 2])
    expect(spans[0]!.startTimeUnixNano).toBe("1700000000000250000")
    expect(lines.join("")).toContain("takes spans again")
  })

  test("does not hold up the end of the process for a collector that hangs", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
    afterAll(() => silent.stop(true))
    const queue = new SpanQueue({ ...settings, endpoint: `http://127.0.0.1:${silent.port}` }, log)
    queue.add(span())
    const begun = performance.now()
    await queue.stop(50)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})

test("a traceparent is read as W3C has it, and what is none begins a new trace", () => {
  const id = "0af7651916cd43dd8448eb211c80319c"
  expect(readTraceparent(`00-${id}-b7ad6b7169203331-01`)).toEqual({
    traceId: id,
    parentId: "b7ad6b7169203331",
    sampled: true,
  })
  expect(readTraceparent(`cc-${id}-b7ad6b7169203331-01-more`)?.traceId).toBe(id)
  for (const none of [
    null,
    "",
    "00",
    `00-${id}-b7ad6b7169203331-01-more`,
    `ff-${id}-b7ad6b7169203331-01`,
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}-${"0".repeat(16)}-01`,
    `00-${id.toUpperCase()}-b7ad6b7169203331-01`,
  ])
    expect(readTraceparent(none)).toBeNull()
})

test("the collector's variables are read as OpenTelemetry has them", () => {
  const read = (more: Record<string, string>) =>
    readConfig({
      DATABASE_URL: "postgres://nobody@127.0.0.1:9/docket",
      JWT_SECRET_KEY: "a key for tests that is long enough to be one",
      ...more,
    })
  const { otelExporterOtlpHeaders } = read({
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc, x-tenant=7",
  })
  expect(otelExporterOtlpHeaders).toEqual({ authorization: "Bearer abc", "x-tenant": "7" })
  expect(() => read({ OTEL_EXPORTER_OTLP_HEADERS: "nonsense" })).toThrow(
    "OTEL_EXPORTER_OTLP_HEADERS must be pairs",
  )
  expect(() => read({ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" })).toThrow(
    "OTEL_EXPORTER_OTLP_ENDPOINT must be",
  )
})
