import { expect, test } from "bun:test"
import { makeFamily, makeRefreshToken, readRefreshToken } from "./refresh-token.ts"

test("a token names its session and family, and is never made twice", () => {
  const [sessionId, family] = [Bun.randomUUIDv7(), makeFamily()]
  const { token, hash } = makeRefreshToken(sessionId, family)
  expect(token).toMatch(/^[A-Za-z0-9_-]{86}$/)
  expect(readRefreshToken(token)).toEqual({ sessionId, family, hash })
  expect(makeRefreshToken(sessionId, family).token).not.toBe(token)
})

test("what never was a token is none", () => {
  const { token } = makeRefreshToken(Bun.randomUUIDv7(), makeFamily())
  for (const text of ["", "x", token.slice(1), `${token}A`, `${token}=`, token.replace(/.$/, "\u0000")])
    expect(readRefreshToken(text)).toBeNull()
})
