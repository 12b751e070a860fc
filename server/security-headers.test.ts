import { expect, test } from "bun:test"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createApp } from "./app.ts"
import { API_POLICY, COMMON_HEADERS, PAGE_POLICY, STRICT_TRANSPORT_SECURITY } from "./security-headers.ts"
import { testApp } from "./testing/app.ts"

const secure = await testApp({ FRONTEND_URL: "https://docket.example.org" })

test("every answer has them, failures included", async () => {
  for (const path of ["/health/live", "/api/lists", "/api/nothing", "/nothing", "/health/live?a=%"]) {
    const { headers } = await secure.request("GET", path)
    for (const [name, value] of Object.entries(COMMON_HEADERS))
      expect(headers.get(name), `${path} ${name}`).toBe(value)
    expect(headers.get("Strict-Transport-Security")).toBe(STRICT_TRANSPORT_SECURITY)
    expect(headers.get("Content-Security-Policy")).toBe(API_POLICY)
    expect(headers.get("Cache-Control")).toBe("no-store")
    expect(headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test("HTTPS is only insisted on where the page is served over it", async () => {
  const plain = await testApp({ FRONTEND_URL: "http://localhost:8000" })
  expect((await plain.request("GET", "/health/live")).headers.has("Strict-Transport-Security")).toBe(false)
})

test("the page's policy allows nothing inline and nothing from elsewhere", () => {
  expect(PAGE_POLICY).toStartWith("default-src 'none'")
  expect(PAGE_POLICY).not.toContain("unsafe")
  expect(PAGE_POLICY).not.toMatch(/\*|https?:/)
})

test("the page comes with its policy, and what is missing with the API's", async () => {
  const page = mkdtempSync(join(tmpdir(), "docket-page-"))
  writeFileSync(join(page, "index.html"), "<!doctype html>")
  const { dependencies } = secure
  const app = createApp({ ...dependencies, folders: { ...dependencies.folders, page } })
  const open = (path: string) =>
    app.handle(new Request(`http://localhost${path}`, { headers: { Accept: "text/html" } }))
  const found = await open("/lists/today")
  expect(found.status).toBe(200)
  expect(found.headers.get("Content-Security-Policy")).toBe(PAGE_POLICY)
  expect(found.headers.get("X-Frame-Options")).toBe("DENY")
  const missing = await open("/assets/gone-1234.js")
  expect(missing.status).toBe(404)
  expect(missing.headers.get("Content-Security-Policy")).toBe(API_POLICY)
})
