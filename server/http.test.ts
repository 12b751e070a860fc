import { describe, expect, test } from "bun:test"
import { Elysia, t } from "elysia"
import pino from "pino"
import { readConfig } from "./config.ts"
import { frontDoor } from "./front-door.ts"
import { choice, text } from "./input-types.ts"
import { jsonBody, MOST_BODY_BYTES } from "./json-body.ts"
import { options } from "./options.ts"
import { problemResponses } from "./problem-responses.ts"
import { Problem } from "./problems.ts"
import { requestChecks } from "./request-checks.ts"
import { RouteTable } from "./route-table.ts"

const config = readConfig({
  DATABASE_URL: "postgres://nobody@127.0.0.1/none",
  JWT_SECRET_KEY: "a key for tests that is long enough to be one",
  FRONTEND_URL: "https://docket.example.org",
})
const log = pino({ level: "silent" })
const routes = new RouteTable()
const strict = { additionalProperties: false }

const app = new Elysia({ normalize: false, handler: { standardHostname: false } })
  .wrap(frontDoor({ config, log }))
  .use(problemResponses({ log }, routes))
  .use(options(routes))
  .use(requestChecks({ config }, () => null))
  .use(jsonBody(routes))
  .get("/api/things", ({ query }) => query, {
    query: t.Object(
      {
        limit: t.Integer({ minimum: 1, maximum: 200, default: 50 }),
        done: t.Optional(t.Boolean()),
        sort: t.Optional(choice(["title", "due"])),
        from: t.Optional(t.String({ format: "date" })),
        cursor: t.Optional(t.String({ pattern: "^[a-z]+$", "x-code": "not-a-cursor" })),
      },
      strict,
    ),
  })
  .post("/api/things", ({ body }) => body, {
    body: t.Object(
      {
        title: text({ minLength: 1, maxLength: 5 }),
        due: t.Optional(t.Union([t.String({ format: "date" }), t.Null()])),
        priority: t.Optional(t.Union([t.Literal("low"), t.Literal("high")])),
        tags: t.Optional(t.Array(t.String())),
        more: t.Optional(t.Any()),
      },
      strict,
    ),
  })
  .get("/api/things/:id", ({ params }) => params, {
    params: t.Object({ id: t.String({ format: "uuid" }) }),
  })
  .put("/api/things/:id/completion", () => "done")
  .delete("/api/things/:id", () => "gone")
  .get("/api/broken", () => {
    throw new Error("the secret is hunter2")
  })
  .get("/api/wrong", () => ({ secret: "hunter2" }) as never, {
    response: t.Object({ id: t.String() }, strict),
  })
  .get("/api/gone", () => {
    throw Problem.notFound("thing")
  })
routes.fill(app.routes)

const id = Bun.randomUUIDv7()

async function send(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}) {
  const response = await app.handle(
    new Request(`http://localhost${path}`, {
      method,
      body,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
    }),
  )
  return { response, status: response.status, text: await response.text() }
}

/** Sends and expects a problem document with that slug; returns it. */
async function refused(slug: string, status: number, ...request: Parameters<typeof send>) {
  const answer = await send(...request)
  const about = `${request[0]} ${request[1]} → ${answer.text}`
  expect(answer.response.headers.get("Content-Type"), about).toBe("application/problem+json")
  const problem = JSON.parse(answer.text)
  expect(problem, about).toMatchObject({ type: `urn:docket:problem:${slug}`, status })
  expect(answer.status, about).toBe(status)
  expect(problem.requestId).toBe(answer.response.headers.get("X-Request-Id"))
  return { ...answer, problem }
}

const faults = (problem: { errors: { path: string; code: string }[] }) =>
  problem.errors.map(({ path, code }) => `${path} ${code}`).sort()

describe("addresses and methods", () => {
  test("an unknown address is a 404", async () => {
    for (const path of ["/api/nothing", "/api", "/", "/api/things/1/2/3", "/api//things"]) {
      await refused("route-not-found", 404, "GET", path)
    }
  })

  test("a method that an address does not have is a 405 that lists those it has", async () => {
    const { response } = await refused("method-not-allowed", 405, "DELETE", "/api/things")
    expect(response.headers.get("Allow")).toBe("GET, HEAD, OPTIONS, POST")
    const one = await refused("method-not-allowed", 405, "POST", `/api/things/${id}`, "{}")
    expect(one.response.headers.get("Allow")).toBe("DELETE, GET, HEAD, OPTIONS")
    const deep = await refused("method-not-allowed", 405, "GET", `/api/things/${id}/completion`)
    expect(deep.response.headers.get("Allow")).toBe("OPTIONS, PUT")
  })

  test("HEAD answers as GET does, without a body", async () => {
    const got = await send("GET", "/api/things")
    const head = await send("HEAD", "/api/things")
    expect(head.status).toBe(200)
    expect(head.text).toBe("")
    expect(head.response.headers.get("Content-Length")).toBe(`${got.text.length}`)
    expect((await send("HEAD", "/api/nothing")).status).toBe(404)
  })

  test("OPTIONS says what an address has", async () => {
    const { status, response } = await send("OPTIONS", "/api/things")
    expect(status).toBe(204)
    expect(response.headers.get("Allow")).toBe("GET, HEAD, OPTIONS, POST")
    await refused("route-not-found", 404, "OPTIONS", "/api/nothing")
  })

  test("an address that is not percent-encoded UTF-8, or holds NUL, is refused", async () => {
    for (const path of [
      "/api/things/%zz",
      "/api/things/%E0%A4%A",
      "/api/things/%ED%A0%80",
      "/api/things/%00",
    ]) {
      const { problem } = await refused("invalid-input", 400, "GET", path)
      expect(faults(problem)).toEqual([" not-text"])
    }
    for (const query of ["from=%zz", "from=%00", "from=%ff", "from=%ED%B0%80"]) {
      const { problem } = await refused("invalid-input", 400, "GET", `/api/things?${query}`)
      expect(faults(problem)).toEqual(["/from not-text"])
    }
    await refused("invalid-input", 400, "GET", "/api/things?%00=1")
  })

  test("an id that is none is a 400", async () => {
    for (const nonsense of ["1", "x".repeat(5000), `urn:uuid:${id}`, `${id}0`, "null", "%20"]) {
      const { problem } = await refused("invalid-input", 400, "GET", `/api/things/${nonsense}`)
      expect(faults(problem)).toEqual(["/id not-a-uuid"])
    }
  })
})

describe("queries", () => {
  test("every fault is told in one answer, and no value is repeated", async () => {
    const query = "limit=201&done=hunter2&sort=hunter2&from=2026-02-31&cursor=HUNTER2&nope=hunter2"
    const { problem, text } = await refused("invalid-input", 400, "GET", `/api/things?${query}`)
    expect(faults(problem)).toEqual([
      "/cursor not-a-cursor",
      "/done wrong-type",
      "/from not-a-date",
      "/limit too-large",
      "/nope unknown-member",
      "/sort not-one-of",
    ])
    expect(text.toLowerCase()).not.toContain("hunter2")
  })

  test("a number is written in digits", async () => {
    expect((await send("GET", "/api/things?limit=7")).text).toBe('{"limit":7}')
    for (const limit of ["0x10", "1e2", "%205", "", "5.5", "+5", "NaN", "Infinity", "9999999999999999999"]) {
      const { problem } = await refused("invalid-input", 400, "GET", `/api/things?limit=${limit}`)
      expect(faults(problem)).toEqual(["/limit wrong-type"])
    }
    expect(faults((await refused("invalid-input", 400, "GET", "/api/things?limit=0")).problem)).toEqual([
      "/limit too-small",
    ])
  })

  test("a parameter given twice is refused", async () => {
    for (const query of ["limit=1&limit=2", "limit=1&%6Cimit=1"]) {
      const { problem } = await refused("invalid-input", 400, "GET", `/api/things?${query}`)
      expect(faults(problem)).toEqual(["/limit invalid"])
    }
  })

  test("names that objects have of their own are unknown like any other", async () => {
    for (const name of ["__proto__", "constructor", "toString", ""]) {
      const { problem } = await refused("invalid-input", 400, "GET", `/api/things?${name}=1`)
      expect(faults(problem)).toEqual([`/${name} unknown-member`])
    }
  })
})

describe("bodies", () => {
  const post = (body?: BodyInit, headers?: Record<string, string>) =>
    ["POST", "/api/things", body, headers] as const

  test("a good one comes through as it is", async () => {
    const { status, text } = await send(...post('{"title":"é😀漢"}'))
    expect([status, text]).toEqual([200, '{"title":"é😀漢"}'])
    expect(
      (await send(...post('{"title":"a"}', { "Content-Type": "Application/JSON; Charset=UTF-8" }))).status,
    ).toBe(200)
  })

  test("characters are counted as people do, not in UTF-16 units", async () => {
    expect((await send(...post(JSON.stringify({ title: "😀".repeat(5) })))).status).toBe(200)
    for (const title of ["😀".repeat(6), "x".repeat(11), "x".repeat(6)]) {
      expect(
        faults((await refused("invalid-input", 400, ...post(JSON.stringify({ title })))).problem),
      ).toEqual(["/title too-long"])
    }
  })

  test("every fault is told in one answer, and no value is repeated", async () => {
    const body = { due: "2026-02-31", priority: "hunter2", tags: [1, "hunter2"], password: "hunter2" }
    const { problem, text } = await refused("invalid-input", 400, ...post(JSON.stringify(body)))
    expect(faults(problem)).toEqual([
      "/due not-a-date",
      "/password unknown-member",
      "/priority not-one-of",
      "/tags/0 wrong-type",
      "/title required",
    ])
    expect(text).not.toContain("hunter2")
    const wrong = await refused("invalid-input", 400, ...post('{"title":"","due":7}'))
    expect(faults(wrong.problem)).toEqual(["/due wrong-type", "/title too-short"])
    expect(faults((await refused("invalid-input", 400, ...post('{"title":{"a":1}}'))).problem)).toEqual([
      "/title wrong-type",
    ])
  })

  test("what is no object is refused as such", async () => {
    for (const body of ["null", "[]", "1", '"title"', "false"]) {
      expect(faults((await refused("invalid-input", 400, ...post(body))).problem)).toEqual([" wrong-type"])
    }
  })

  test("none where one is required", async () => {
    for (const request of [post(), post("")]) {
      expect(faults((await refused("invalid-input", 400, ...request)).problem)).toEqual([" required"])
    }
  })

  test("broken JSON, and JSON in anything but UTF-8", async () => {
    const broken = [
      "{",
      "hunter2",
      '{"title":"a"',
      '{"title":"a"}}',
      "{'title':1}",
      '{"title":"\u0001"}',
      " ",
      "\u0000",
    ]
    for (const body of broken) {
      const { text } = await refused("malformed-json", 400, ...post(body))
      expect(text).not.toContain("hunter2")
    }
    await refused("malformed-json", 400, ...post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])))
    await refused("malformed-json", 400, ...post(new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])))
  })

  test("NUL and half a surrogate pair anywhere in text", async () => {
    const cases: [string, string][] = [
      ['{"title":"a\\u0000"}', "/title not-text"],
      ['{"title":"\\ud800"}', "/title not-text"],
      ['{"title":"\\udc00\\ud800"}', "/title not-text"],
      ['{"title":"a","tags":["\\ud83d"]}', "/tags/0 not-text"],
      ['{"title":"a","\\u0000":1}', " not-text"],
    ]
    for (const [body, fault] of cases) {
      expect(faults((await refused("invalid-input", 400, ...post(body))).problem)).toEqual([fault])
    }
    expect((await send(...post('{"title":"\\ud83d\\ude00"}'))).text).toBe('{"title":"😀"}')
  })

  test("__proto__ is a member like any other, and unknown", async () => {
    for (const body of ['{"title":"a","__proto__":{"x":1}}', '{"title":"a","more":{"__proto__":{"x":1}}}']) {
      const { problem } = await refused("invalid-input", 400, ...post(body))
      expect(faults(problem)[0]).toEndWith("/__proto__ unknown-member")
    }
  })

  test("depth and number of values are bounded", async () => {
    const deep = `{"title":"a","more":${"[".repeat(500_000)}${"]".repeat(500_000)}}`
    await refused("invalid-input", 400, ...post(`{"title":"a","more":${"[".repeat(20)}${"]".repeat(20)}}`))
    expect((await send(...post(deep))).status).toBe(400)
    await refused("invalid-input", 400, ...post(`{"title":"a","more":[${"1,".repeat(60_000)}1]}`))
  })

  test("other media, other character sets and compressed bodies are a 415", async () => {
    const others = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/xml",
    ]
    for (const type of [
      ...others,
      "",
      "application/jsonx",
      "application/json; charset=latin1",
      "text/json",
    ]) {
      await refused("unsupported-media-type", 415, ...post("<a>hunter2</a>", { "Content-Type": type }))
    }
    await refused("unsupported-media-type", 415, ...post("{}", { "Content-Encoding": "gzip" }))
  })

  test("a route without a body ignores what it is sent", async () => {
    const sent = ["<xml/>", { "Content-Type": "application/xml" }] as const
    expect((await send("PUT", `/api/things/${id}/completion`, ...sent)).text).toBe("done")
    expect((await send("DELETE", `/api/things/${id}`, ...sent)).text).toBe("gone")
  })
})

describe("errors of ours", () => {
  test("are told as a problem that says nothing of them", async () => {
    for (const path of ["/api/broken", "/api/wrong"]) {
      const { text } = await refused("internal", 500, "GET", path)
      expect(text).not.toContain("hunter2")
    }
    await refused("not-found", 404, "GET", "/api/gone")
  })
})

describe("over a socket", () => {
  const server = Bun.serve({ port: 0, maxRequestBodySize: 4 * MOST_BODY_BYTES, fetch: app.fetch })
  const stream = (bytes: number) => {
    let left = bytes
    return new ReadableStream({
      pull(controller) {
        const size = Math.min(left, 64 * 1024)
        if (size === 0) return controller.close()
        left -= size
        controller.enqueue(new Uint8Array(size).fill(32))
      },
    })
  }
  const post = (body: BodyInit) =>
    fetch(new URL("/api/things", server.url), {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    })

  test("one byte more than a mebibyte is a 413, with its length said or in chunks", async () => {
    const body = `{"title":"a"}${" ".repeat(MOST_BODY_BYTES - 13)}`
    expect((await post(body)).status).toBe(200)
    for (const large of [await post(`${body} `), await post(stream(MOST_BODY_BYTES + 1))]) {
      expect(large.status).toBe(413)
      expect(await large.json()).toMatchObject({ type: "urn:docket:problem:too-large" })
    }
    expect((await post(stream(MOST_BODY_BYTES))).status).toBe(400)
    expect((await fetch(new URL("/api/things", server.url))).status).toBe(200)
    await server.stop(true)
  })
})
