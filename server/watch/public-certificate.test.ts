import { afterEach, expect, test } from "bun:test"
import { createServer as createTcpServer, type Server } from "node:net"
import { createServer } from "node:tls"
import { Metrics } from "../metrics/metrics.ts"
import { testApp } from "../testing/app.ts"
import { makeCertificate } from "../testing/certificate.ts"
import { looksOf } from "./looks.ts"
import { type PublicCertificate, watchCertificate } from "./public-certificate.ts"

const DAY = 86_400_000
/** Certificates tell seconds. */
const inDays = (days: number) => new Date(Math.floor((Date.now() + days * DAY) / 1000) * 1000)
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  ends.push(() => server.close())
  return (server.address() as { port: number }).port
}

const serving = async (until: Date, host = "localhost") =>
  listening(createServer({ ...(await makeCertificate(host, until)) }, (socket) => socket.end()))

type Options = Parameters<typeof watchCertificate>[1]

function watched(port: number, options: Options = {}, host = "localhost"): PublicCertificate {
  const certificate = watchCertificate(`https://${host}:${port}`, { again: 20, ...options })
  ends.push(certificate.stop)
  return certificate
}

async function known(certificate: PublicCertificate): Promise<number> {
  for (;;) {
    const at = certificate.expiresAt()
    if (at !== null) return at
    await Bun.sleep(10)
  }
}

test("a certificate that is served tells when it ends, whoever signed it", async () => {
  const until = inDays(40)
  expect(await known(watched(await serving(until)))).toBe(until.getTime())
})

test("an ended one too", async () => {
  const until = inDays(-2)
  expect(await known(watched(await serving(until)))).toBe(until.getTime())
})

test("one of an address is known too", async () => {
  const until = inDays(40)
  const port = await serving(until, "127.0.0.1")
  expect(await known(watched(port, {}, "127.0.0.1"))).toBe(until.getTime())
})

test("one for another name, a port that says nothing, and one that nobody listens on are not known", async () => {
  const hanging = await listening(createTcpServer(() => {}))
  const closed = createTcpServer()
  const port = await listening(closed)
  closed.close()
  const others = [await serving(inDays(40), "elsewhere.example"), hanging, port]
  const certificates = others.map((port) => watched(port, { patience: 100 }))
  await Bun.sleep(400)
  expect(certificates.map(({ expiresAt }) => expiresAt())).toEqual([null, null, null])
})

test("what was away is looked at again, and what was seen a day ago is not known any more", async () => {
  const until = inDays(40)
  let ahead = 0
  const options = { ...(await makeCertificate("localhost", until)) }
  const first = createTcpServer()
  const port = await listening(first)
  first.close()
  const certificate = watched(port, { every: 50, now: () => Date.now() + ahead })
  await Bun.sleep(100)
  expect(certificate.expiresAt()).toBeNull()
  const server = createServer(options, (socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  expect(await known(certificate)).toBe(until.getTime())
  await new Promise((resolve) => server.close(resolve))
  await Bun.sleep(200)
  expect(certificate.expiresAt()).toBe(until.getTime())
  ahead = DAY
  expect(certificate.expiresAt()).toBeNull()
})

test("it is a metric while it is known", async () => {
  const metrics = new Metrics({ version: "1.0.0", worker: null })
  ends.push(() => metrics.stop())
  let at: number | null = 1_800_000_000_000
  metrics.tellCertificate({ expiresAt: () => at })
  expect(await metrics.registry.metrics()).toContain(
    "\ndocket_certificate_expiry_timestamp_seconds 1800000000\n",
  )
  at = null
  expect(await metrics.registry.metrics()).not.toContain("\ndocket_certificate_expiry_timestamp_seconds ")
})

test("the server alerts below fourteen days, and not while nothing is known", async () => {
  const { dependencies } = await testApp()
  const found = (expiresAt: number | null) =>
    looksOf(dependencies, { expiresAt: () => expiresAt })
      .find(({ name }) => name === "CertificateExpiring")!
      .look()
  expect(await found(null)).toBeNull()
  expect(await found(inDays(14.1).getTime())).toBeNull()
  expect(await found(inDays(13.5).getTime())).toBe(
    "The certificate of the public address ends in 13.5 days, and should have been renewed.",
  )
  expect(await found(inDays(-1).getTime())).toBe("The certificate of the public address has ended.")
  expect(looksOf(dependencies).some(({ name }) => name === "CertificateExpiring")).toBe(false)
})
