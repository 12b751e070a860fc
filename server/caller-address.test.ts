import { describe, expect, test } from "bun:test"
import { addressOf, canonicalAddress, secretProxy, trustedProxies } from "./caller-address.ts"
import { testApp } from "./testing/app.ts"

const trusted = trustedProxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8"])

describe("the caller's address", () => {
  test("is the socket's when that is no trusted proxy, whatever the header says", () => {
    expect(addressOf("203.0.113.9", "198.51.100.1", trusted)).toBe("203.0.113.9")
    expect(addressOf("203.0.113.9", null, trusted)).toBe("203.0.113.9")
    expect(addressOf("10.0.0.1", "198.51.100.1", trustedProxies([]))).toBe("10.0.0.1")
  })

  test("is the last one that is not a trusted proxy's", () => {
    expect(addressOf("10.0.0.1", "198.51.100.1", trusted)).toBe("198.51.100.1")
    expect(addressOf("10.0.0.1", "1.1.1.1, 198.51.100.1, 192.0.2.7,10.2.3.4", trusted)).toBe("198.51.100.1")
    expect(addressOf("fd00::1", "2001:db8::1", trusted)).toBe("2001:db8::1")
  })

  test("is the farthest trusted proxy when every hop is one, and when a hop is nonsense", () => {
    expect(addressOf("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted)).toBe("10.0.0.3")
    expect(addressOf("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", trusted)).toBe("10.0.0.2")
    expect(addressOf("10.0.0.1", "", trusted)).toBe("10.0.0.1")
  })
})

describe("behind the rewrite on Vercel", () => {
  const SECRET = "pq8vJ2mZx4Rk7sWn1tYc9uLd3hGf6bTa"
  const vouched = secretProxy(SECRET)
  const from = (headers: Record<string, string>) => vouched(new Headers(headers))

  test("is what Vercel gives, whoever stands between", () => {
    expect(from({ "X-Proxy-Secret": SECRET, "X-Vercel-Forwarded-For": "2001:DB8::7" })).toBe("2001:db8::7")
    expect(
      from({
        "X-Proxy-Secret": SECRET,
        "X-Vercel-Forwarded-For": "198.51.100.1",
        "X-Forwarded-For": "198.51.100.1, 203.0.113.80, 10.0.0.2",
      }),
    ).toBe("198.51.100.1")
    expect(from({ "X-Proxy-Secret": SECRET, "X-Forwarded-For": "198.51.100.1, 203.0.113.80" })).toBe(
      "198.51.100.1",
    )
  })

  test("is nobody's word without the secret, with another, with two, or where none is set", () => {
    const address = { "X-Vercel-Forwarded-For": "198.51.100.1" }
    expect(from(address)).toBeNull()
    for (const wrong of ["", "x", SECRET.slice(1), `${SECRET}x`, `${SECRET}, ${SECRET}`])
      expect(from({ ...address, "X-Proxy-Secret": wrong })).toBeNull()
    expect(secretProxy(null)(new Headers({ ...address, "X-Proxy-Secret": "" }))).toBeNull()
  })

  test("is left to the proxies when the secret comes with no address", () => {
    expect(from({ "X-Proxy-Secret": SECRET })).toBeNull()
    expect(from({ "X-Proxy-Secret": SECRET, "X-Vercel-Forwarded-For": "unknown" })).toBeNull()
  })

  test("is what a session is said to be used from, and a caller's own word is not", async () => {
    const app = await testApp({ PROXY_SECRET: SECRET })
    const account = { name: "Ada", password: "correct horse battery", email: "ada@example.org" }
    expect((await app.request("POST", "/api/accounts", { body: account })).status).toBeLessThan(300)
    await app.dependencies.sql`update accounts set email_verified_at = now()`
    const used = async (headers: Record<string, string>) => {
      const { email, password } = account
      const options = { body: { email, password }, headers, address: "203.0.113.80" }
      expect((await app.request("POST", "/api/sessions", options)).status).toBeLessThan(300)
      const [row] = await app.dependencies
        .sql`select host(address) as at from sessions order by id desc limit 1`
      return row!.at
    }
    const claim = { "X-Vercel-Forwarded-For": "198.51.100.1" }
    expect(await used({ ...claim, "X-Proxy-Secret": SECRET })).toBe("198.51.100.1")
    expect(await used({ ...claim, "X-Proxy-Secret": "guessed" })).toBe("203.0.113.80")
  })
})

test("one spelling for each address", () => {
  expect(canonicalAddress("::ffff:10.1.2.3")).toBe("10.1.2.3")
  expect(canonicalAddress("::FFFF:0a01:0203")).toBe("10.1.2.3")
  expect(canonicalAddress("2001:DB8:0:0:0:0:0:1")).toBe("2001:db8::1")
  expect(canonicalAddress("fe80::1%eth0")).toBe("fe80::1")
  expect(canonicalAddress(" 198.51.100.1:4711 ")).toBe("198.51.100.1")
  expect(canonicalAddress("[2001:db8::1]:443")).toBe("2001:db8::1")
  for (const nonsense of [
    "",
    "unknown",
    "1.2.3",
    "1.2.3.400",
    "::1::",
    "example.org",
    "1.2.3.4/8",
    "01.2.3.4",
  ]) {
    expect(canonicalAddress(nonsense)).toBeNull()
  }
})

test("a range that is none is refused by name", () => {
  for (const range of ["10.0.0.0/33", "fd00::/129", "proxy.example.org", "10.0.0.0/8/8", "10.0.0.0/-1"]) {
    expect(() => trustedProxies([range])).toThrow(range)
  }
})
