import { describe, expect, test } from "bun:test"
import { testApp } from "../testing/app.ts"

const { request } = await testApp()

type Operation = {
  operationId: string
  summary: string
  security?: unknown[]
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> }
  responses: Record<string, { description: string; content?: Record<string, unknown> }>
}
const document = (await (await request("GET", "/api/openapi.json")).json()) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
}
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
)

describe("the OpenAPI document", () => {
  test("is OpenAPI 3.1 and has the API in it", () => {
    expect(document.openapi).toStartWith("3.1")
    for (const path of ["/health", "/api/lists", "/api/todos", "/api/todos/{id}/completion"])
      expect(Object.keys(document.paths)).toContain(path)
    expect(Object.keys(document.paths).filter((path) => path.length > 1 && path.endsWith("/"))).toEqual([])
  })

  test("names every operation once, in words", () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { operation } of operations) expect(operation.summary.length).toBeGreaterThan(3)
  })

  test.each(operations)("$name tells its problems as problems, and takes JSON alone", ({ operation }) => {
    const statuses = Object.keys(operation.responses)
    expect(statuses).toContain("500")
    expect(statuses.some((status) => status.startsWith("2"))).toBe(true)
    for (const [status, { content }] of Object.entries(operation.responses))
      if (Number(status) >= 400) expect(Object.keys(content ?? {})).toContain("application/problem+json")
    if (operation.requestBody) {
      expect(Object.keys(operation.requestBody.content)).toEqual(["application/json"])
      expect(operation.requestBody.content["application/json"]?.schema.additionalProperties).toBe(false)
      expect(statuses).toEqual(expect.arrayContaining(["400", "413", "415"]))
    }
    if (operation.security === undefined) expect(statuses).toContain("401")
  })

  test("says one type for a number, and nothing of our own generator", () => {
    const text = JSON.stringify(document)
    expect(text).not.toContain('"format":"integer"')
    expect(text).not.toContain('"format":"numeric"')
    expect(text).not.toContain("x-problems")
  })
})

describe("the reference page", () => {
  test("runs one script, ours, and allows itself inline styles alone", async () => {
    const answer = await request("GET", "/api/reference")
    expect(answer.status).toBe(200)
    expect(answer.headers.get("Content-Type")).toStartWith("text/html")
    const policy = answer.headers.get("Content-Security-Policy") ?? ""
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("style-src 'self' 'unsafe-inline'")
    const html = await answer.text()
    expect(html).not.toMatch(/https?:\/\//)
    const source = html.match(/<script src="([^"]+)"/)?.[1]
    const script = await request("GET", source!)
    expect(script.status).toBe(200)
    expect(script.headers.get("Content-Type")).toStartWith("text/javascript")
    const again = await request("GET", source!, { headers: { "If-None-Match": script.headers.get("ETag")! } })
    expect(again.status).toBe(304)
  })
})
