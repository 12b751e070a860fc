import { describe, expect, test } from "bun:test"
import { addressOf, canonicalAddress, trustedProxies } from "./caller-address.ts"

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
