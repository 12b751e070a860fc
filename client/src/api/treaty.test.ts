import { expect, test } from "bun:test"
import { type client, unwrap } from "./client.ts"
import { ApiProblem, NetworkFailure } from "./problem.ts"
import { treaty } from "./treaty.ts"

type Sent = { url: string; init: RequestInit }

/** The page's own client, of a server that answers with `response`, and what it was asked. */
function asking(response: () => Response | Promise<Response>) {
  const asked: Sent[] = []
  const api = treaty(async (url, init) => {
    asked.push({ url, init })
    return response()
  }) as typeof client
  return { api, asked }
}

const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)
const problem = (status: number, slug: string, headers: HeadersInit = {}) =>
  Response.json(
    { type: `urn:docket:problem:${slug}`, title: "No." },
    { status, headers: { "Content-Type": "application/problem+json", ...headers } },
  )

test("members are the path, a call is a parameter of it, encoded", async () => {
  const { api, asked } = asking(() => json({}))
  await api.api.lists.get()
  await api.api.todos({ id: "a/b?c#ü" }).get()
  await api.api.todos({ id: "1" }).completion.put()
  expect(asked.map(({ url, init }) => [init.method, url])).toEqual([
    ["GET", "/api/lists"],
    ["GET", "/api/todos/a%2Fb%3Fc%23%C3%BC"],
    ["PUT", "/api/todos/1/completion"],
  ])
})

test("a query is sent without what is not given, and written as the server reads it", async () => {
  const { api, asked } = asking(() => json({ items: [], nextCursor: null }))
  await api.api.todos.get({ query: { text: "50 % & more", limit: 5, completed: false, cursor: undefined } })
  await api.api.todos.get({ query: {} })
  await api.api.todos.get()
  expect(asked.map(({ url }) => url)).toEqual([
    "/api/todos?text=50+%25+%26+more&limit=5&completed=false",
    "/api/todos",
    "/api/todos",
  ])
  expect(asked.every(({ init }) => init.body === undefined)).toBe(true)
})

test("a body is sent as JSON, none without a type", async () => {
  const { api, asked } = asking(() => json({}))
  await api.api.todos.post({ title: "Water the fern", dueDate: null })
  await api.api.todos({ id: "1" }).delete()
  expect(asked[0]!.init).toEqual({
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"title":"Water the fern","dueDate":null}',
  })
  expect(asked[1]!.init).toEqual({ method: "DELETE" })
})

test("a success is its data: JSON as it was sent, text, or nothing", async () => {
  const moment = "2026-01-01T00:00:00.000Z"
  const answers = [
    json({ items: [{ createdAt: moment }] }),
    new Response("plain", { headers: { "Content-Type": "text/plain" } }),
    new Response(null, { status: 204 }),
  ]
  const { api } = asking(() => answers.shift()!)
  // Dates stay text.
  expect(await unwrap(api.api.lists.get())).toEqual({ items: [{ createdAt: moment }] } as never)
  expect((await api.api.lists.get()).data).toBe("plain" as never)
  expect(await api.api.todos({ id: "1" }).delete()).toMatchObject({ data: "", error: null, status: 204 })
})

test("a refusal is a problem with its code, its errors and how long to wait", async () => {
  const errors = [{ path: "/title", code: "too-long", message: "Too long." }]
  const { api } = asking(() =>
    json(
      { type: "urn:docket:problem:invalid-input", errors },
      { status: 400, headers: { "Retry-After": "7" } },
    ),
  )
  const refused = await unwrap(api.api.lists.get()).catch((error) => error)
  expect(refused).toBeInstanceOf(ApiProblem)
  expect(refused).toMatchObject({ status: 400, slug: "invalid-input", errors, retryAfter: 7 })
  const { api: other } = asking(() => problem(404, "not-found"))
  expect(await unwrap(other.api.lists.get()).catch((error) => error)).toMatchObject({ slug: "not-found" })
})

test("a gateway's page instead of an answer is a problem without a code", async () => {
  const { api } = asking(
    () => new Response("<html>502</html>", { status: 502, headers: { "Content-Type": "text/html" } }),
  )
  const refused = await unwrap(api.api.lists.get()).catch((error) => error)
  expect(refused).toBeInstanceOf(ApiProblem)
  expect(refused).toMatchObject({ status: 502, slug: "" })
})

test("no answer, half an answer and one that is not what it says are network failures", async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"items":'))
      controller.error(new Error("reset"))
    },
  })
  const type = { headers: { "Content-Type": "application/json" } }
  for (const response of [
    () => Promise.reject(new TypeError("Failed to fetch")),
    () => new Response(broken, type),
    () => new Response('{"items":', type),
  ]) {
    const { api } = asking(response)
    expect(await unwrap(api.api.lists.get()).catch((error) => error)).toBeInstanceOf(NetworkFailure)
  }
})
