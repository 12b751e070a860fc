import { expect, test } from "bun:test"
import { passwordFault } from "./password-rules.ts"

const fault = async (password: string) =>
  (await passwordFault(password, "annabel.lee@example.org"))?.code ?? null

test("length is counted in characters as people see them typed", async () => {
  expect(await fault("horse-9-x")).toBe("too-short")
  expect(await fault("horse-9-xy")).toBeNull()
  expect(await fault("🐴🐎🦄🎠🏇🐴🐎🦄🎠")).toBe("too-short")
  expect(await fault("🐴🐎🦄🎠🏇🐴🐎🦄🎠🏇")).toBeNull()
  // Ten code points that NFC makes five.
  expect(await fault("e\u0301a\u0301o\u0301i\u0301u\u0301")).toBe("too-short")
  expect(await fault("ab cd ".repeat(33))).toBeNull()
  expect(await fault(`${"🐴".repeat(199)}x`)).toBeNull()
  expect(await fault(`${"🐴".repeat(200)}x`)).toBe("too-long")
})

test("the address, its name, and either with a little around it are refused", async () => {
  for (const password of [
    "annabel.lee@example.org",
    "Annabel.Lee",
    "annabel.lee1990",
    "1annabel.lee@example.org!",
  ])
    expect([password, await fault(password)]).toEqual([password, "contains-email"])
  expect(await fault("annabel.lee likes horses")).toBeNull()
  // A short name is in many good passwords.
  expect(await passwordFault("annual rabbit", "ann@example.org")).toBeNull()
})

test("what is tried first is refused", async () => {
  for (const password of [
    "qwertyuiop",
    "1234567890",
    "Password123",
    "PASSWORD2026!",
    "basketball",
    "!!basketball!!",
    "iloveyou123",
    "aaaaaaaaaa",
    "abcdefghij",
    "9876543210",
    "ｑｗｅｒｔｙｕｉｏｐ",
  ])
    expect([password, await fault(password)]).toEqual([password, "too-common"])
})

test("a phrase, and what a password manager makes, are fine", async () => {
  for (const password of [
    "correct horse battery",
    "kZ3!vq0-Lm",
    "我的狗喜欢在河边散步吃骨头",
    "four random words here",
  ])
    expect([password, await fault(password)]).toEqual([password, null])
})
