import { expect, test } from "bun:test"
import { pbkdf2Sync } from "node:crypto"
import { LIMITS } from "../limits/limits.ts"
import { testApp } from "../testing/app.ts"
import { exhaust, newPerson, type Person, registered, trySignIn } from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies

const hashOf = async ({ email }: Person): Promise<string> =>
  (await sql<[{ passwordHash: string }]>`select password_hash from accounts where email = ${email}`)[0]
    .passwordHash

test("an access token, my account, and a cookie that only refresh and sign-out get", async () => {
  const ann = await registered(docket)
  const answer = await trySignIn(docket, { ...ann, email: ann.email.toUpperCase() })
  expect(answer.status).toBe(201)
  expect(answer.headers.get("Set-Cookie")).toMatch(
    /^docket-refresh=[\w-]{86}; Path=\/api\/sessions\/current; Max-Age=10368000; HttpOnly; SameSite=Strict$/,
  )
  const { accessToken, expiresIn, me } = await answer.json()
  expect(expiresIn).toBe(900)
  const whoami = await docket.request("GET", "/api/me", { token: accessToken })
  expect(await whoami.json()).toEqual(me)
  expect(me.email).toBe(ann.email)
})

test("over TLS the cookie is Secure", async () => {
  const overTls = await testApp({ FRONTEND_URL: "https://docket.example.org" })
  const ann = await registered(overTls)
  const cookie = (await trySignIn(overTls, ann)).headers.get("Set-Cookie")
  expect(cookie).toStartWith("__Secure-docket-refresh=")
  expect(cookie).toContain("; Secure")
})

test("a wrong password, an unknown address and what is no address get the same answer", async () => {
  const ann = await registered(docket)
  const told = new Set<string>()
  for (const email of [ann.email, "nobody@example.org", "no address at all", ""]) {
    const answer = await trySignIn(docket, { ...newPerson(), email })
    const { requestId, ...problem } = await answer.json()
    told.add(JSON.stringify([answer.status, problem, answer.headers.get("Set-Cookie")]))
  }
  expect([...told]).toHaveLength(1)
  expect([...told][0]).toContain("wrong-credentials")
})

test("a password hashed with older parameters, or by bcrypt, is right, and is hashed anew", async () => {
  const ann = await registered(docket)
  for (const older of [
    { algorithm: "argon2id", memoryCost: 4096, timeCost: 1 },
    { algorithm: "bcrypt", cost: 4 },
  ] as const) {
    const hash = await Bun.password.hash(ann.password, older)
    await sql`update accounts set password_hash = ${hash} where email = ${ann.email}`
    expect((await trySignIn(docket, { ...ann, password: "not the password" })).status).toBe(401)
    expect(await hashOf(ann)).toBe(hash)
    expect((await trySignIn(docket, ann)).status).toBe(201)
    expect(await hashOf(ann)).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
    const stored = await hashOf(ann)
    expect((await trySignIn(docket, ann)).status).toBe(201)
    expect(await hashOf(ann)).toBe(stored)
  }
})

test("a hash that another framework made is right until the first sign-in, and what is none never is", async () => {
  const ann = await registered(docket)
  const key = pbkdf2Sync(ann.password, "seasalt", 1000, 32, "sha256")
  const django = `pbkdf2_sha256$1000$seasalt$${key.toString("base64")}`
  await sql`update accounts set password_hash = ${django} where email = ${ann.email}`
  expect((await trySignIn(docket, { ...ann, password: "not the password" })).status).toBe(401)
  expect((await trySignIn(docket, ann)).status).toBe(201)
  expect(await hashOf(ann)).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
  expect((await trySignIn(docket, ann)).status).toBe(201)
  await sql`update accounts set password_hash = ${ann.password} where email = ${ann.email}`
  expect((await trySignIn(docket, ann)).status).toBe(401)
})

test("after ten wrong passwords from one network the right one waits too, but not elsewhere", async () => {
  const ann = await registered(docket)
  const guesser = newPerson()
  await exhaust(docket, LIMITS.wrongPasswordsByAccountAndNetwork, `${ann.email} ${guesser.address}/32`, 1)
  expect(
    (await trySignIn(docket, { ...ann, password: "a wrong guess", address: guesser.address })).status,
  ).toBe(401)
  const refused = await trySignIn(docket, { ...ann, address: guesser.address })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get("Retry-After"))).toBeLessThanOrEqual(60)
  expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("right passwords are not counted as guesses", async () => {
  const ann = await registered(docket)
  await exhaust(docket, LIMITS.wrongPasswordsByAccountAndNetwork, `${ann.email} ${ann.address}/32`, 1)
  for (const _ of [1, 2, 3]) expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("strangers all over the world do not lock a person out of a network they have used", async () => {
  const ann = await registered(docket)
  expect((await trySignIn(docket, ann)).status).toBe(201)
  await exhaust(docket, LIMITS.wrongPasswordsByAccount, ann.email)
  expect((await trySignIn(docket, { ...ann, address: newPerson().address })).status).toBe(429)
  expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("an address without an account is limited like one with", async () => {
  const nobody = newPerson()
  await exhaust(docket, LIMITS.wrongPasswordsByAccount, nobody.email)
  expect((await trySignIn(docket, nobody)).status).toBe(429)
})

test("a network tries only so many passwords, whatever the accounts", async () => {
  const guesser = newPerson()
  await exhaust(docket, LIMITS.wrongPasswordsByNetwork, `${guesser.address}/32`)
  expect((await trySignIn(docket, { ...newPerson(), address: guesser.address })).status).toBe(429)
  // The neighbours in an IPv6 /64 are one network.
  await exhaust(docket, LIMITS.wrongPasswordsByNetwork, "2001:db8:7:8::/64")
  expect((await trySignIn(docket, { ...newPerson(), address: "2001:db8:7:8::99" })).status).toBe(429)
  expect((await trySignIn(docket, { ...newPerson(), address: "2001:db8:7:9::99" })).status).toBe(401)
})

test("a guess that comes while the password is being changed begins no session", async () => {
  const ann = await registered(docket)
  const { verify } = docket.dependencies.passwords
  docket.dependencies.passwords.verify = async (password, hash) => {
    const right = await verify.call(docket.dependencies.passwords, password, hash)
    await sql`update accounts set password_hash = 'changed' where email = ${ann.email}`
    return right
  }
  const answer = await trySignIn(docket, ann)
  docket.dependencies.passwords.verify = verify
  expect(answer.status).toBe(401)
  expect(
    await sql`select from sessions join accounts on accounts.id = account_id where email = ${ann.email}`,
  ).toHaveLength(0)
})

test("an account has a hundred sessions at most: the longest unused gives way", async () => {
  const ann = await registered(docket)
  expect((await trySignIn(docket, ann)).status).toBe(201)
  await sql`
    insert into sessions (account_id, address, refresh_family, last_used_at)
    select id, '192.0.2.1', sha256('x'), now() - n * interval '1 minute'
    from accounts, generate_series(1, 99) n where email = ${ann.email}`
  expect((await trySignIn(docket, ann)).status).toBe(201)
  const [{ live, oldest }] = await sql<[{ live: number; oldest: number }]>`
    select count(*)::integer as live,
      count(*) filter (where last_used_at < now() - interval '98.5 minutes')::integer as oldest
    from sessions join accounts on accounts.id = account_id where email = ${ann.email} and ended_at is null`
  expect({ live, oldest }).toEqual({ live: 100, oldest: 0 })
})
