import { expect, test } from "bun:test"
import { Problem } from "../problems.ts"
import { Passwords } from "./passwords.ts"

const passwords = new Passwords()

test("a password is hashed by argon2id at OWASP's parameters, salted", async () => {
  const hash = await passwords.hash("correct horse battery")
  expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
  expect(await passwords.hash("correct horse battery")).not.toBe(hash)
  expect(await passwords.verify("correct horse battery", hash)).toBe(true)
  expect(await passwords.verify("correct horse buttery", hash)).toBe(false)
  expect(passwords.isOutdated(hash)).toBe(false)
})

test("composed and decomposed characters are the same password", async () => {
  const hash = await passwords.hash("cr\u00e8me br\u00fbl\u00e9e")
  expect(await passwords.verify("cre\u0300me bru\u0302le\u0301e", hash)).toBe(true)
})

test("hashes of other parameters and bcrypt are verified, and outdated", async () => {
  for (const options of [
    { algorithm: "argon2id", memoryCost: 8192, timeCost: 1 },
    { algorithm: "argon2i", memoryCost: 8192, timeCost: 3 },
    { algorithm: "bcrypt", cost: 4 },
  ] as const) {
    const hash = await Bun.password.hash("an older password", options)
    expect(await passwords.verify("an older password", hash)).toBe(true)
    expect(await passwords.verify("another password", hash)).toBe(false)
    expect(passwords.isOutdated(hash)).toBe(true)
  }
})

test("no one's password is never right, whatever is tried", async () => {
  expect(await passwords.verify("", null)).toBe(false)
  expect(await passwords.verify("anything at all", null)).toBe(false)
})

test("at most so many run at once, so many wait, and the rest is refused", async () => {
  const bounded = new Passwords(1, 2)
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => bounded.verify("anything", null)))
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"])
  const refusal = (outcomes[3] as PromiseRejectedResult).reason as Problem
  expect(refusal).toBeInstanceOf(Problem)
  expect(refusal.status).toBe(429)
  expect(refusal.options.headers?.["Retry-After"]).toBe("10")
  // The places were given back.
  expect(await bounded.verify("anything", null)).toBe(false)
})

test("what is no hash, or would take too much to verify, is no one's password, and gives its place back", async () => {
  const bounded = new Passwords(1, 0)
  for (const hash of [
    "",
    "not a hash",
    "$argon2id$v=19$m=4194304,t=9,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA",
  ])
    expect(await bounded.verify("anything", hash)).toBe(false)
  expect(await bounded.verify("anything", null)).toBe(false)
})
