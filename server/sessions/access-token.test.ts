import { expect, test } from "bun:test"
import { jwt } from "@elysiajs/jwt"
import { ACCESS_TOKEN_SECONDS, createAccessTokens } from "./access-token.ts"

const OLD_KEY = "the old key, which is long enough to be one"
const KEY = "the new key, which is long enough to be one"
const caller = { accountId: Bun.randomUUIDv7(), sessionId: Bun.randomUUIDv7() }
const claims = { sub: caller.accountId, sid: caller.sessionId, exp: "15m", iss: "docket", aud: "docket-api" }
const tokens = createAccessTokens({ jwtSecretKey: KEY, jwtSecretKeyPrevious: null })

/** Any token, signed with any key: what a careless or a wicked issuer could make. */
const forge = (given: Record<string, unknown>, { secret = KEY, alg = "HS256" } = {}) =>
  jwt({ name: "jwt", secret, alg }).decorator.jwt.sign({ ...claims, ...given } as never)

test("a token names its account and session for a quarter of an hour, and not longer", async () => {
  let now = Date.now()
  const aging = createAccessTokens({ jwtSecretKey: KEY, jwtSecretKeyPrevious: null }, () => now)
  const token = await aging.sign(caller)
  expect(await aging.verify(token)).toEqual(caller)
  now += (ACCESS_TOKEN_SECONDS - 1) * 1000
  expect(await aging.verify(token)).toEqual(caller)
  now += 1000
  expect(await aging.verify(token)).toBeNull()
  expect(await aging.verify(token)).toBeNull()
})

test("a token seen before is not verified again", async () => {
  const token = await tokens.sign(caller)
  expect(tokens.verify(token)).toBeInstanceOf(Promise)
  await tokens.verify(token)
  expect(tokens.verify(token)).toEqual(caller)
})

test("what is not a token of ours, for us, is refused", async () => {
  const payload = Buffer.from(JSON.stringify({ ...claims, exp: Date.now() })).toString("base64url")
  const header = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: "JWT" })).toString("base64url")
  const good = await forge({})
  expect(await tokens.verify(good)).toEqual(caller)
  for (const [why, token] of Object.entries({
    "another audience": await forge({ aud: "another-api" }),
    "no audience": await forge({ aud: undefined }),
    "another issuer": await forge({ iss: "another" }),
    "another key": await forge({}, { secret: "some other key that is also long enough" }),
    "another algorithm": await forge({}, { alg: "HS512" }),
    "no algorithm": `${header("none")}.${payload}.`,
    "a swapped payload": good.split(".").with(1, payload).join("."),
    expired: await forge({ exp: Math.floor(Date.now() / 1000) - 1 }),
    "not valid yet": await forge({ nbf: "1h" }),
    "never expiring": await forge({ exp: undefined }),
    "without a session": await forge({ sid: undefined }),
    "without a subject": await forge({ sub: undefined }),
    "no token": "nonsense",
  }))
    expect([why, await tokens.verify(token)]).toEqual([why, null])
})

test("while keys rotate the previous key's tokens are good, and new ones need only the current key", async () => {
  const before = createAccessTokens({ jwtSecretKey: OLD_KEY, jwtSecretKeyPrevious: null })
  const during = createAccessTokens({ jwtSecretKey: KEY, jwtSecretKeyPrevious: OLD_KEY })
  const old = await before.sign(caller)
  expect(await during.verify(old)).toEqual(caller)
  expect(await during.verify(await forge({ aud: "another-api" }, { secret: OLD_KEY }))).toBeNull()
  expect(await tokens.verify(await during.sign(caller))).toEqual(caller)
  expect(await tokens.verify(old)).toBeNull()
})
