import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { normalizeRoutes } from "@vercel/routing-utils"
import vercel from "../../client/vercel.json"
import { COMMON_HEADERS, PAGE_POLICY, STRICT_TRANSPORT_SECURITY } from "../../server/security-headers.ts"
import { vercelRoutes, writeVercelOutput } from "./vercel.ts"
import { walkRoutes } from "./walk-routes.ts"

const API = "https://owner-docket.hf.space"
const routes = vercelRoutes(API)
const files = new Set([
  "/index.html",
  "/assets/start-4f2a.js",
  "/favicon.svg",
  "/service-worker.js",
  "/not-found.txt",
])
const navigation = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" }
const ask = (url: string, headers: Record<string, string> = { accept: "*/*" }) =>
  walkRoutes(routes, files, { url, headers })

const PAGE_HEADERS = {
  ...COMMON_HEADERS,
  "Content-Security-Policy": PAGE_POLICY,
  "Strict-Transport-Security": STRICT_TRANSPORT_SECURITY,
}
const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

test("Vercel's own check finds nothing in the routes", () => {
  expect(normalizeRoutes(routes).error).toBeNull()
})

describe("the page", () => {
  test("is every path that a person opens, however deep, with its headers", () => {
    for (const path of ["/", "/lists/0198?filter=done", "/settings/account", "/a.b/c", "/apiary", "/healthy"])
      expect(ask(path, navigation), path).toEqual({
        status: 200,
        served: "/index.html",
        headers: lowerCase(PAGE_HEADERS),
        sent: {},
      })
  })

  test("is not what a script, a style or a fetch gets for a file that is missing", () => {
    for (const path of ["/favicon.ico", "/lists/0198", "/robots.txt"])
      expect(ask(path), path).toMatchObject({ status: 404, served: "/not-found.txt" })
  })

  test("has files of its own", () => {
    expect(ask("/favicon.svg")).toMatchObject({ status: 200, served: "/favicon.svg" })
    // By Vercel's own rule such a file is asked for anew each time, as browsers want the service worker to be.
    for (const path of ["/favicon.svg", "/service-worker.js"])
      expect(ask(path).headers, path).not.toHaveProperty("cache-control")
    expect(ask("/service-worker.js")).toMatchObject({ status: 200, headers: lowerCase(PAGE_HEADERS) })
  })
})

describe("a file with a hash in its name", () => {
  test("is kept for ever", () => {
    expect(ask("/assets/start-4f2a.js")).toMatchObject({
      status: 200,
      served: "/assets/start-4f2a.js",
      headers: { ...lowerCase(PAGE_HEADERS), "cache-control": "public, max-age=31536000, immutable" },
    })
  })

  test("that is gone is a 404 and no page, whoever asks, and is not kept", () => {
    for (const headers of [navigation, { accept: "*/*" }]) {
      const { status, served, headers: sent } = ask("/assets/start-0000.js", headers)
      expect({ status, served }).toEqual({ status: 404, served: "/not-found.txt" })
      expect(sent).not.toHaveProperty("cache-control")
    }
  })
})

describe("the API", () => {
  test("gets every path below /api/ with its query, and the secret by the name of a variable", () => {
    for (const path of [
      "/api/todos",
      "/api/todos/0198/complete",
      "/api/lists?limit=20&cursor=a%2Fb",
      "/API/todos",
    ])
      expect(ask(path, navigation), path).toEqual({
        status: 200,
        served: `${API}${path.replace("/API", "/api")}`,
        headers: {},
        sent: { "x-proxy-secret": "$PROXY_SECRET" },
      })
  })

  test("gets health, which tells of the server and not of Vercel", () => {
    expect(ask("/health").served).toBe(`${API}/health`)
    expect(ask("/health/live").served).toBe(`${API}/health/live`)
    expect(ask("/health/other", navigation).status).toBe(404)
  })

  test("gets /status, which leads to the page that is written from outside", () => {
    expect(ask("/status", navigation).served).toBe(`${API}/status`)
  })

  test("alone gets the secret, and no route holds a value of it", () => {
    const signed = routes.filter((route) => "transforms" in route && route.transforms)
    expect(signed.map((route) => "dest" in route && route.dest)).toEqual([
      `${API}/api/$1`,
      `${API}/health`,
      `${API}/health/live`,
      `${API}/status`,
    ])
    for (const route of signed)
      expect(route).toMatchObject({ transforms: [{ args: "$PROXY_SECRET", env: ["PROXY_SECRET"] }] })
  })
})

test("nothing of the placeholder is left, and a push to git deploys nothing", () => {
  expect(JSON.stringify(routes)).not.toContain("api.invalid")
  expect(JSON.stringify(vercel)).toContain("https://api.invalid/api/:path*")
  expect(vercel.git.deploymentEnabled).toBe(false)
})

describe("the output", () => {
  const folder = mkdtempSync(join(tmpdir(), "docket-vercel-"))
  afterAll(() => rmSync(folder, { recursive: true }))
  const [page, output] = [join(folder, "page"), join(folder, "output")]

  test("is refused without a page", async () => {
    await expect(writeVercelOutput(API, page, output)).rejects.toThrow("Run `bun run build` first")
  })

  test("is the page without what was compressed for the server, and the routes", async () => {
    for (const name of ["index.html", "index.html.br", "assets/start-4f2a.js", "assets/start-4f2a.js.gz"])
      await Bun.write(join(page, name), name)
    await Bun.write(join(output, "static/old.js"), "of the release before")
    await writeVercelOutput(API, page, output)
    const written = [...new Bun.Glob("**/*").scanSync(output)].sort()
    expect(written).toEqual([
      "config.json",
      "static/assets/start-4f2a.js",
      "static/index.html",
      "static/not-found.txt",
    ])
    expect(await Bun.file(join(output, "config.json")).json()).toEqual({ version: 3, routes })
  })
})
