import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makeCertificate } from "../../server/testing/certificate.ts"
import { testDatabase } from "../../server/testing/database.ts"
import { type ServerProcess, startServer, untilListening } from "../../server/testing/server-process.ts"
import { type Spoil, startHttpsFront } from "../testing/https-front.ts"
import { throughDatabase } from "./account.ts"
import { type SmokeOptions, smoke } from "./checks.ts"
import type { Outside } from "./outside.ts"
import { checkLine, worseThan } from "./report.ts"

const DOMAIN = "docket.example.org"
const { sql, url } = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), "docket-smoke-"))
const certificate = await makeCertificate(DOMAIN)
const ca = join(folder, "ca.pem")
await Bun.write(ca, certificate.ca)
let server: ServerProcess

beforeAll(async () => {
  server = await startServer({
    DATABASE_URL: url,
    ENVIRONMENT: "test",
    FRONTEND_URL: `https://${DOMAIN}`,
    LOG_LEVEL: "silent",
    TRUSTED_PROXIES: "127.0.0.1",
  })
  await untilListening(server)
})
afterAll(() => {
  server.kill("SIGKILL")
  rmSync(folder, { recursive: true })
})

const PAGE = `<!doctype html><title>Docket</title><script type="module" src="/assets/main-1a2b3c.js"></script>`
/** The built page, which tests of the server do without. */
const withPage: Spoil = (answer, request) => {
  const { pathname } = new URL(request.url)
  if (pathname === "/")
    return new Response(PAGE, { headers: [...answer.headers, ["content-type", "text/html"]] })
  if (pathname === "/assets/main-1a2b3c.js")
    return new Response("export {}", { headers: { "content-type": "text/javascript" } })
  return answer
}

type Spoils = { spoil?: Spoil; inTheClear?: (request: Request) => Response; certificate?: typeof certificate }

/** A whole run against the deployment, spoilt as given. */
async function run(
  { spoil, ...front }: Spoils = {},
  options: Partial<SmokeOptions> = {},
  trust: string = ca,
) {
  const { address, httpAddress, stop } = await startHttpsFront({
    domain: DOMAIN,
    server: server.url,
    certificate,
    spoil: async (answer, request) => {
      const whole = await withPage(answer, request)
      return spoil ? spoil(whole, request) : whole
    },
    ...front,
  })
  const outside: Outside = { domains: [DOMAIN], smoke: { address, http_address: httpAddress, ca: trust } }
  try {
    return await smoke(outside, { storeHash: throughDatabase(url), ...options })
  } finally {
    stop()
  }
}

const failures = (report: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(report.checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]))

test("a good deployment passes every check, and leaves nothing but its account", async () => {
  const seen: string[] = []
  const report = await run({}, { onCheck: ({ name }) => seen.push(name) })
  expect(failures(report)).toEqual({})
  expect(report).toMatchObject({ ok: true, skipped: [] })
  expect(seen).toEqual(report.checks.map(({ name }) => name))
  expect(seen).toEqual([
    `certificate ${DOMAIN}`,
    `redirect ${DOMAIN}`,
    "live",
    "health",
    "page",
    "headers",
    "account",
    "sign in",
    "create",
    "list",
    "delete",
    "sign out",
  ])
  const [{ accounts, open }] = await sql<[{ accounts: number; open: number }]>`
    select (select count(*)::int from accounts) as accounts,
      (select count(*)::int from sessions where ended_at is null) as open`
  expect({ accounts, open }).toEqual({ accounts: 1, open: 0 })
  expect(checkLine(report.checks[3]!)).toMatch(/^✓ health: healthy, version .+ \(\d+ ms\)$/)
})

/** An answer of the path instead of the server's. */
const answering =
  (path: string, make: (answer: Response) => Response, method?: string): Spoil =>
  (answer, request) =>
    new URL(request.url).pathname === path && (!method || request.method === method) ? make(answer) : answer
const without = (name: string): Spoil =>
  answering("/", (answer) => {
    const headers = new Headers(answer.headers)
    headers.delete(name)
    return new Response(PAGE, { headers })
  })
const broken = () => Response.json({ type: "urn:docket:problem:internal" }, { status: 500 })

for (const [what, spoils, name, sentence] of [
  [
    "plain HTTP that answers itself",
    { inTheClear: () => new Response("hello") },
    `redirect ${DOMAIN}`,
    "answered 200 in the clear",
  ],
  [
    "plain HTTP that leads elsewhere",
    {
      inTheClear: () =>
        new Response(null, { status: 301, headers: { location: "https://elsewhere.example" } }),
    },
    `redirect ${DOMAIN}`,
    "leads to https://elsewhere.example",
  ],
  [
    "a page that names no script",
    { spoil: answering("/", () => new Response("nginx")) },
    "page",
    "names no script",
  ],
  [
    "an asset that answers a page",
    {
      spoil: answering(
        "/assets/main-1a2b3c.js",
        () => new Response(PAGE, { headers: { "content-type": "text/html" } }),
      ),
    },
    "page",
    "(text/html), not the page's script",
  ],
  [
    "no HSTS",
    { spoil: without("strict-transport-security") },
    "headers",
    "without strict-transport-security",
  ],
  ["no policy", { spoil: without("content-security-policy") }, "headers", "without content-security-policy"],
  [
    "a hung process",
    { spoil: answering("/health/live", () => new Response("", { status: 504 })) },
    "live",
    "504",
  ],
  [
    "something else that answers",
    { spoil: answering("/health", () => new Response("ok")) },
    "health",
    "not with what Docket",
  ],
  [
    "a release that cannot create",
    { spoil: answering("/api/todos", broken, "POST") },
    "create",
    "Creating a todo answered 500 (internal) instead of 201.",
  ],
  [
    "a release that forgets",
    { spoil: answering("/api/todos", () => Response.json({ items: [], nextCursor: null }), "GET") },
    "list",
    "does not show the one that was just created",
  ],
  ["a release that signs nobody in", { spoil: answering("/api/sessions", broken, "POST") }, "sign in", "500"],
] as [string, Spoils, string, string][])
  test(`${what} fails "${name}" and nothing before it`, async () => {
    const report = await run(spoils)
    expect(report.ok).toBe(false)
    const [first] = Object.entries(failures(report))
    expect(first?.[0]).toBe(name)
    expect(first?.[1]).toContain(sentence)
  })

test("a certificate for another name is told by its names, and no password is sent to its server", async () => {
  const bodies: string[] = []
  const other = await makeCertificate("other.example.org")
  await Bun.write(join(folder, "other.pem"), other.ca)
  const report = await run(
    {
      certificate: other,
      spoil: async (answer, request) => {
        bodies.push(request.url)
        return answer
      },
    },
    {},
    join(folder, "other.pem"),
  )
  expect(failures(report)[`certificate ${DOMAIN}`]).toBe(
    `The certificate is for other.example.org, not for ${DOMAIN}.`,
  )
  expect(failures(report)["sign in"]).toContain("its certificate is for other names")
  expect(bodies).toEqual([])
})

test("an authority that is not trusted", async () => {
  await Bun.write(join(folder, "stranger.pem"), (await makeCertificate("stranger.example.org")).ca)
  const report = await run({}, {}, join(folder, "stranger.pem"))
  expect(failures(report)[`certificate ${DOMAIN}`]).toContain("A browser refuses the certificate")
})

test("while the database is away it says so in one line, and tries nothing that needs it", async () => {
  const report = await run({
    spoil: answering("/health", () =>
      Response.json(
        {
          status: "unhealthy",
          version: "1",
          database: "disconnected",
          checks: { database: { status: "down" } },
        },
        { status: 503 },
      ),
    ),
  })
  expect(failures(report)).toEqual({
    health: "The database is away: the server answers, and cannot reach it.",
  })
  expect(report.skipped.map(({ name }) => name)).toContain("sign in")
})

test("nothing there at all fails with a sentence each", async () => {
  const outside = { domains: [DOMAIN], smoke: { address: "127.0.0.1:1", http_address: "127.0.0.1:1", ca } }
  const report = await smoke(outside, { storeHash: { missing: "it was not asked for" } })
  expect(report.checks.every(({ ok }) => !ok)).toBe(true)
  expect(failures(report).live).toBe(
    `GET https://${DOMAIN}/health/live: nothing listens there (at 127.0.0.1:1)`,
  )
}, 60_000)

test("a second run that changes the password meanwhile spoils neither", async () => {
  const reports = await Promise.all([run(), run(), run()])
  expect(reports.map(failures)).toEqual([{}, {}, {}])
})

test("only what the release before did not show is worse", async () => {
  const spoil = without("strict-transport-security")
  const before = await run({ spoil })
  const same = await run({ spoil }, { baseline: before })
  expect(same.ok).toBe(false)
  expect(same.worse).toEqual([])
  const after = await run({ spoil: answering("/api/todos", broken, "POST") }, { baseline: before })
  expect(after.worse?.map(({ name }) => name)).toEqual(["create"])
  expect(worseThan(before, { checks: [] })).toEqual([])
})
