import { expect, test } from "bun:test"
import { hashToken, makeToken } from "./letter-tokens.ts"

test("a token holds 256 random bits in characters that need no escaping in a link", () => {
  const { token } = makeToken()
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(token, "base64url")).toHaveLength(32)
  expect(makeToken().token).not.toBe(token)
})

test("its hash is the SHA-256 of its text", () => {
  const { token, hash } = makeToken()
  expect(hashToken(token)).toEqual(hash)
  expect(hashToken("abc").toString("hex")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  )
})
