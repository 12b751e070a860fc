import { afterAll, expect, test } from "bun:test"
import { join } from "node:path"

const received: { path: string; authorization: string | null; body: unknown }[] = []
let status = 204
// GitHub's half, as its REST API documents it: 204 and nothing, or a reason.
const github = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: async (request) => {
    const { pathname } = new URL(request.url)
    received.push({
      path: `${request.method} ${pathname}`,
      authorization: request.headers.get("Authorization"),
      body: await request.json(),
    })
    return status === 204
      ? new Response(null, { status })
      : Response.json({ message: "Not Found" }, { status })
  },
})
afterAll(() => github.stop(true))

const image = `ghcr.io/owner/docket@sha256:${"a".repeat(64)}`

async function promote(...args: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "promote.ts"), ...args], {
    env: {
      PATH: process.env.PATH,
      GITHUB_API_URL: github.url.origin,
      GITHUB_REPOSITORY: "owner/docket",
      GITHUB_SHA: "b".repeat(40),
      GITHUB_TOKEN: "a token",
    },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, stdout, stderr }
}

test("starts the workflow with the image and the commit", async () => {
  const { code, stdout } = await promote("deploy-production.yml", image)
  expect(stdout).toContain(image)
  expect(code).toBe(0)
  expect(received.at(-1)).toEqual({
    path: "POST /repos/owner/docket/actions/workflows/deploy-production.yml/dispatches",
    authorization: "Bearer a token",
    body: { ref: "main", inputs: { image, commit: "b".repeat(40) } },
  })
})

test("fails with GitHub's reason, and without the token", async () => {
  status = 404
  const { code, stderr } = await promote("deploy-production.yml", image)
  expect(code).toBe(1)
  expect(stderr).toContain("404")
  expect(stderr).not.toContain("a token")
})

test("says how it is used", async () => {
  const { code, stderr } = await promote("deploy-production.yml")
  expect(code).toBe(2)
  expect(stderr).toContain("Usage")
})
