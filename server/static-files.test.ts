import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Elysia } from "elysia"
import pino from "pino"
import { problemResponses } from "./problem-responses.ts"
import { RouteTable } from "./route-table.ts"
import { staticFiles } from "./static-files.ts"

const root = mkdtempSync(join(tmpdir(), "docket-static-"))
const folder = join(root, "page")
const script = "console.log('docket')"
let origin: string
let server: Bun.Server<unknown>

beforeAll(async () => {
  await Bun.write(join(root, "outside.txt"), "not yours")
  await Bun.write(join(folder, "index.html"), "<!doctype html><title>Docket</title>")
  await Bun.write(join(folder, ".vite/manifest.json"), "{}")
  await Bun.write(join(folder, "service-worker.js"), script)
  await Bun.write(join(folder, "assets/main-abc123.js"), script)
  await Bun.write(join(folder, "assets/main-abc123.js.gz"), Bun.gzipSync(script))
  await Bun.write(join(folder, "assets/main-abc123.js.zst"), Bun.zstdCompressSync(script))
  const app = new Elysia()
    .use(problemResponses({ log: pino({ level: "silent" }) }))
    .use(staticFiles(folder, new RouteTable()))
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => app.handle(request) })
  origin = server.url.origin
})

afterAll(async () => {
  await server.stop(true)
  rmSync(root, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { headers, decompress: false } as RequestInit)

describe("a hashed asset", () => {
  test("is kept for ever, in the encoding that the client takes", async () => {
    const answer = await get("/assets/main-abc123.js", { "Accept-Encoding": "gzip" })
    expect(answer.status).toBe(200)
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable")
    expect(answer.headers.get("Content-Encoding")).toBe("gzip")
    expect(answer.headers.get("Content-Type")).toStartWith("text/javascript")
    expect(answer.headers.get("Vary")).toBe("Accept-Encoding")
    expect(new TextDecoder().decode(Bun.gunzipSync(await answer.bytes()))).toBe(script)
  })

  test("is sent plain to a client that takes no encoding we have", async () => {
    const answer = await get("/assets/main-abc123.js", { "Accept-Encoding": "br" })
    expect(answer.headers.get("Content-Encoding")).toBe(null)
    expect(await answer.text()).toBe(script)
  })

  test("is not sent again while its tag matches, and each encoding has a tag of its own", async () => {
    const gzip = await get("/assets/main-abc123.js", { "Accept-Encoding": "gzip" })
    const zstd = await get("/assets/main-abc123.js", { "Accept-Encoding": "zstd" })
    const tag = gzip.headers.get("ETag")!
    expect(zstd.headers.get("ETag")).not.toBe(tag)
    const again = await get("/assets/main-abc123.js", {
      "Accept-Encoding": "gzip",
      "If-None-Match": `"x", W/${tag}`,
    })
    expect(again.status).toBe(304)
    expect(again.headers.get("ETag")).toBe(tag)
    expect(await again.text()).toBe("")
  })

  test("that is gone is a 404, even for a navigation", async () => {
    const answer = await get("/assets/main-old.js", { Accept: "text/html" })
    expect(answer.status).toBe(404)
    expect(answer.headers.get("Content-Type")).toStartWith("application/problem+json")
  })
})

describe("any other path", () => {
  test.each(["/", "/index.html", "/lists/0199-x", "/settings/security"])(
    "%s opens the page",
    async (path) => {
      const answer = await get(path, { "Sec-Fetch-Mode": "navigate", Accept: "text/html" })
      expect(answer.status).toBe(200)
      expect(answer.headers.get("Content-Type")).toStartWith("text/html")
      expect(answer.headers.get("Cache-Control")).toBe("no-cache")
      expect(await answer.text()).toContain("<title>Docket</title>")
    },
  )

  test("of a file is that file, asked for anew each time, the service worker for the whole page", async () => {
    const answer = await get("/service-worker.js", { "Service-Worker": "script" })
    expect(answer.headers.get("Cache-Control")).toBe("no-cache")
    expect(answer.headers.get("Content-Type")).toStartWith("text/javascript")
    expect(await answer.text()).toBe(script)
  })

  test("is a 404 for what is not a navigation", async () => {
    expect((await get("/favicon.png", { Accept: "image/*" })).status).toBe(404)
    expect((await get("/lists", { "Sec-Fetch-Mode": "cors", Accept: "text/html" })).status).toBe(404)
  })

  test("under /api is a 404, even for a navigation", async () => {
    expect((await get("/api/nothing", { Accept: "text/html" })).status).toBe(404)
  })
})

test.each([
  "/../outside.txt",
  "/..%2foutside.txt",
  "/assets/%2e%2e/%2e%2e/outside.txt",
  "/.vite/manifest.json",
])("%s leads nowhere", async (path) => {
  const answer = await get(path, { Accept: "*/*" })
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain("not yours")
})

test("HEAD answers as GET does, without the content", async () => {
  const answer = await fetch(`${origin}/assets/main-abc123.js`, { method: "HEAD" })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("ETag")).toBeTruthy()
})

test("a page that was not built is a sentence, not a stack", async () => {
  const app = new Elysia()
    .use(problemResponses({ log: pino({ level: "silent" }) }))
    .use(staticFiles(join(root, "missing"), new RouteTable()))
  const answer = await app.handle(new Request("http://localhost/", { headers: { Accept: "text/html" } }))
  expect(answer.status).toBe(404)
  expect((await answer.json()).detail ?? "").toContain("bun run build")
})
