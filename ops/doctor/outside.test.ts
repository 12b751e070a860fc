import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createServer as createTlsServer, type TlsOptions } from "node:tls"
import { generate } from "selfsigned"
import { makeCertificate } from "../../server/testing/certificate.ts"
import { testDatabase } from "../../server/testing/database.ts"
import { type ServerProcess, startServer, untilListening } from "../../server/testing/server-process.ts"
import { throughDatabase } from "../smoke/account.ts"
import type { Outside } from "../smoke/outside.ts"
import { type Spoil, startHttpsFront } from "../testing/https-front.ts"
import { startNameServer } from "../testing/name-server.ts"
import type { Finding } from "./finding.ts"
import { checkHttp } from "./http.ts"
import { lookAtHealth, lookSignedIn, type Patient } from "./outside.ts"
import { checkPorts } from "./ports.ts"
import { checkTls } from "./tls.ts"

const DOMAIN = "docket.example.org"
const { url } = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), "docket-doctor-"))
const certificate = await makeCertificate(DOMAIN)
const ca = join(folder, "ca.pem")
await Bun.write(ca, certificate.ca)
const { names, stop: stopNames } = await startNameServer({})
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
  stopNames()
  rmSync(folder, { recursive: true })
})

type Front = { spoil?: Spoil; domains?: string[]; to?: URL; passOnForwardedFor?: boolean }

async function through<T>(front: Front, look: (outside: Outside) => Promise<T>): Promise<T> {
  const { address, httpAddress, stop } = await startHttpsFront({
    domain: DOMAIN,
    server: front.to ?? server.url,
    certificate,
    ...(front.spoil && { spoil: front.spoil }),
    ...(front.passOnForwardedFor && { passOnForwardedFor: true }),
  })
  try {
    return await look({
      domains: front.domains ?? [DOMAIN],
      smoke: { address, http_address: httpAddress, ca },
    })
  } finally {
    stop()
  }
}

const of = (findings: Finding[], check: Finding["check"]) =>
  findings.find((finding) => finding.check === check)!
const notOk = (findings: Finding[]) => findings.filter(({ level }) => level !== "ok")
const withHeader =
  (name: string, value: string | null): Spoil =>
  (answer) => {
    const headers = new Headers(answer.headers)
    if (value === null) headers.delete(name)
    else headers.set(name, value)
    return new Response(answer.body, { status: answer.status, headers })
  }

test("a good deployment has nothing to say about HTTP", async () => {
  expect(notOk(await through({}, checkHttp))).toEqual([])
})

for (const [what, front, check, sentence] of [
  [
    "no HSTS",
    { spoil: withHeader("strict-transport-security", null) },
    "headers",
    "without strict-transport-security",
  ],
  [
    "a page that may be framed",
    { spoil: withHeader("x-frame-options", "SAMEORIGIN") },
    "headers",
    "x-frame-options: SAMEORIGIN",
  ],
  [
    "a proxy that lets any origin in",
    { spoil: withHeader("access-control-allow-origin", "*") },
    "cors",
    "Pages of any site may call the API",
  ],
  [
    "a proxy that answers preflights without methods",
    { spoil: withHeader("access-control-allow-methods", "GET") },
    "cors",
    "lacks credentials or methods",
  ],
] as [string, Front, Finding["check"], string][])
  test(what, async () => {
    const found = of(await through(front, checkHttp), check)
    expect(found).toMatchObject({ level: "problem" })
    expect(found.finding).toContain(sentence)
    expect(found.cure).toBeTruthy()
  })

test("FRONTEND_URL that is not where people come in", async () => {
  const found = await through({}, (outside) =>
    checkHttp({ ...outside, domains: ["other.example.org"], smoke: { ...outside.smoke!, ca } }),
  )
  expect(of(found, "headers").finding).toContain("its certificate is for other names")
  const other = await startServer({
    DATABASE_URL: url,
    ENVIRONMENT: "test",
    FRONTEND_URL: "https://somewhere.example.org",
    LOG_LEVEL: "silent",
  })
  try {
    await untilListening(other)
    const cors = of(await through({ to: other.url }, checkHttp), "cors")
    expect(cors).toMatchObject({ level: "problem" })
    expect(cors.cure).toContain(`Set FRONTEND_URL to https://${DOMAIN}`)
  } finally {
    other.kill("SIGKILL")
  }
})

test("a second domain has to lead to the first", async () => {
  const both = await makeCertificate("www.example.org")
  await Bun.write(join(folder, "www.pem"), both.ca)
  const front = await startHttpsFront({
    domain: "www.example.org",
    server: server.url,
    certificate: both,
  })
  const outside = {
    domains: [DOMAIN, "www.example.org"],
    smoke: { address: front.address, http_address: front.httpAddress, ca: join(folder, "www.pem") },
  }
  const itself = of(await checkHttp(outside), "domains")
  front.stop()
  expect(itself).toMatchObject({ level: "warning" })
  expect(itself.finding).toContain(`instead of leading to ${DOMAIN}`)
})

test("what answers in the clear", async () => {
  const { address, httpAddress, stop } = await startHttpsFront({
    domain: DOMAIN,
    server: server.url,
    certificate,
    inTheClear: () => new Response("the page"),
  })
  const found = await checkHttp({ domains: [DOMAIN], smoke: { address, http_address: httpAddress, ca } })
  stop()
  expect(of(found, "redirect")).toMatchObject({ level: "problem" })
})

/** A TLS server with a certificate of these dates and names. */
async function withTls<T>(
  {
    name = DOMAIN,
    from,
    until,
    options = {},
  }: { name?: string; from: Date; until: Date; options?: TlsOptions },
  look: (outside: Outside) => Promise<T>,
): Promise<T> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
  })
  const trusted = join(folder, `${crypto.randomUUID()}.pem`)
  await Bun.write(trusted, made.cert)
  const tls = createTlsServer({ key: made.private, cert: made.cert, ...options }, (socket) => socket.end())
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve))
  const { port } = tls.address() as { port: number }
  try {
    return await look({ domains: [DOMAIN], smoke: { address: `127.0.0.1:${port}`, ca: trusted } })
  } finally {
    tls.close()
  }
}

const DAY = 24 * 3600 * 1000
const days = (count: number) => new Date(Date.now() + count * DAY)

for (const [what, given, level, sentence] of [
  ["a certificate with most of its life before it", { from: days(-1), until: days(89) }, "ok", "good until"],
  [
    "one that should have been renewed",
    { from: days(-75), until: days(15) },
    "warning",
    "should have been renewed",
  ],
  ["one about to end", { from: days(-87), until: days(3) }, "problem", "should have been renewed"],
  ["one that has ended", { from: days(-91), until: days(-1) }, "problem", "has expired"],
  [
    "one for another name",
    { name: "other.example.org", from: days(-1), until: days(89) },
    "problem",
    "is for other.example.org",
  ],
] as const)
  test(what, async () => {
    const [found] = await withTls(given, (outside) => checkTls(outside, DOMAIN))
    expect(found).toMatchObject({ check: "tls", level })
    expect(found!.finding).toContain(sentence)
  })

test("an authority that nobody trusts", async () => {
  const [found] = await withTls({ from: days(-1), until: days(89) }, (outside) =>
    checkTls({ ...outside, smoke: { ...outside.smoke!, ca } }, DOMAIN),
  )
  expect(found).toMatchObject({ level: "problem" })
  expect(found!.finding).toContain("Browsers refuse")
})

test("TLS older than 1.2", async () => {
  const dates = { from: days(-1), until: days(89) }
  const [, current] = await withTls(dates, (outside) => checkTls(outside, DOMAIN))
  expect(current).toMatchObject({ level: "ok" })
  const [, old] = await withTls({ ...dates, options: { minVersion: "TLSv1" } }, (outside) =>
    checkTls(outside, DOMAIN),
  )
  expect(old).toMatchObject({ level: "problem" })
  expect(old!.finding).toContain("speaks TLSv1.1")
})

test("nothing that speaks TLS", async () => {
  const found = await checkTls({ domains: [DOMAIN], smoke: { address: "127.0.0.1:1", ca } }, DOMAIN)
  expect(found).toMatchObject([{ level: "problem" }])
})

test("ports: which are open, and which must not be", async () => {
  const looked = async (open: number[], ownHost = true) =>
    checkPorts("203.0.113.7", { ownHost, look: async (_, port) => (open.includes(port) ? "open" : "closed") })
  expect(notOk(await looked([80, 443]))).toEqual([])
  expect(notOk(await looked([443]))[0]?.finding).toContain("203.0.113.7:80 is closed")
  const exposed = notOk(await looked([80, 443, 5432, 2375]))
  expect(exposed.map(({ finding }) => finding)).toEqual([
    expect.stringContaining("2375 is open to the outside: the Docker engine"),
    expect.stringContaining("5432 is open to the outside: PostgreSQL"),
  ])
  expect(notOk(await looked([80, 443, 5432], false))).toEqual([])
})

test("ports: from the host itself what is closed to others cannot be told", async () => {
  const listening = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => listening.once("listening", resolve))
  const { port } = listening.address() as { port: number }
  const found = await checkPorts("127.0.0.1", { https: port, http: 1 })
  listening.close()
  expect(found.map(({ level }) => level)).toEqual(["problem", "ok", "unknown"])
})

const signedIn = (front: Front, change: Partial<Patient> = {}) =>
  through(front, (outside) =>
    lookSignedIn({
      outside,
      names: names(),
      host: { addresses: null, overridden: true },
      networks: ["10.0.1.0/24"],
      ownHost: true,
      storeHash: throughDatabase(url),
      ...change,
    }),
  )

test("the server sees where callers are", async () => {
  const found = await signedIn({})
  expect(notOk(found)).toEqual([])
  expect(of(found, "caller address").finding).toContain("127.0.0.1")
})

test("a proxy that believes what callers say of themselves", async () => {
  const found = of(await signedIn({ passOnForwardedFor: true }), "caller address")
  expect(found).toMatchObject({ level: "problem" })
  expect(found.finding).toContain("believes what callers say")
})

test("without the account, or signing in, it says why", async () => {
  const missing = await signedIn({}, { storeHash: { missing: "The engine can't be reached" } })
  expect(missing.map(({ level }) => level)).toEqual(["unknown", "unknown"])
  const broken = await signedIn({
    spoil: (answer, request) =>
      new URL(request.url).pathname === "/api/sessions" ? new Response("", { status: 502 }) : answer,
  })
  expect(of(broken, "smoke")).toMatchObject({ level: "problem" })
})

test("health: healthy, a database away, something else", async () => {
  const looked = async (spoil?: Spoil) => (await through(spoil ? { spoil } : {}, lookAtHealth)).findings[0]!
  expect(await looked()).toMatchObject({ level: "ok" })
  const away = await looked(async (answer) => {
    const health = await answer.json()
    return Response.json({ ...health, status: "unhealthy", database: "disconnected" }, { status: 503 })
  })
  expect(away.finding).toContain("The database is away")
  expect((await looked(() => new Response("ok"))).finding).toContain("is not Docket")
})
