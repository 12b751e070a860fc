import { expect, test } from "bun:test"
import { LIMITS } from "../limits/limits.ts"
import { type TestApp, testApp } from "../testing/app.ts"
import {
  ageToken,
  exhaust,
  lettersTo,
  newPerson,
  type Person,
  registered,
  tokenFor,
  trySignIn,
} from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies

/** Someone registered and signed in, with requests that carry their token. */
async function member(app: TestApp = docket, person?: Person) {
  const known = person ?? (await registered(app))
  const { accessToken, me } = await (await trySignIn(app, known)).json()
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await app.request(method, path, { token: accessToken, body })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : null }
  }
  return { ...known, id: me.id as string, ask }
}

const revOf = async (id: string) =>
  (await sql<[{ rev: number }]>`select rev from spaces where id = ${id}`)[0].rev

test("the profile changes member by member, and the personal space's rev with it", async () => {
  const ann = await member()
  const rev = await revOf(ann.id)
  const before = (await ann.ask("GET", "/api/me")).body
  const changed = await ann.ask("PATCH", "/api/me", { name: "  Ann\tLee ", theme: "dark" })
  expect(changed).toMatchObject({
    status: 200,
    body: { name: "Ann Lee", theme: "dark", language: before.language },
  })
  expect(changed.body.updatedAt > before.updatedAt).toBe(true)
  await ann.ask("PATCH", "/api/me", { language: "zh-CN" })
  await ann.ask("PATCH", "/api/me", { timeZone: "Asia/Shanghai" })
  expect((await ann.ask("GET", "/api/me")).body).toMatchObject({
    name: "Ann Lee",
    theme: "dark",
    language: "zh-CN",
    timeZone: "Asia/Shanghai",
  })
  expect(await revOf(ann.id)).toBe(rev + 3)
  const [row] = await sql`select rev from accounts where id = ${ann.id}`
  expect(row!.rev).toBe(rev + 3)
})

test("what is wrong with a profile is told by its member, and nothing is changed", async () => {
  const ann = await member()
  const before = await ann.ask("GET", "/api/me")
  for (const [change, path, code] of [
    [{ name: " " }, "/name", "too-short"],
    [{ name: "𝓪".repeat(101) }, "/name", "too-long"],
    [{ theme: "black" }, "/theme", "not-one-of"],
    [{ language: null }, "/language", "not-one-of"],
    [{ timeZone: "+02:00" }, "/timeZone", "not-a-time-zone"],
    [{ email: "new@example.org" }, "/email", "unknown-member"],
    [{ rev: 99 }, "/rev", "unknown-member"],
  ] as const)
    expect([change, await ann.ask("PATCH", "/api/me", change)]).toMatchObject([
      change,
      { status: 400, body: { errors: [{ path, code }] } },
    ])
  expect(await ann.ask("GET", "/api/me")).toEqual(before)
  expect((await ann.ask("PATCH", "/api/me", { name: "𝓪".repeat(100) })).status).toBe(200)
})

test("a new password, with the old one: my other sessions end, this one stays, a letter tells", async () => {
  const ann = await member()
  const phone = await member(docket, ann)
  expect((await phone.ask("GET", "/api/me")).status).toBe(200)
  const password = "a new password altogether"
  const wrong = await ann.ask("PUT", "/api/me/password", { currentPassword: "a wrong password", password })
  expect(wrong).toMatchObject({ status: 403, body: { type: "urn:docket:problem:wrong-password" } })
  const weak = await ann.ask("PUT", "/api/me/password", {
    currentPassword: ann.password,
    password: "password123",
  })
  expect(weak).toMatchObject({ status: 400, body: { errors: [{ path: "/password", code: "too-common" }] } })
  expect((await phone.ask("GET", "/api/me")).status).toBe(200)

  const link = await tokenFor(docket, ann.email, "reset-password")
  expect(await ann.ask("PUT", "/api/me/password", { currentPassword: ann.password, password })).toEqual({
    status: 204,
    body: null,
  })
  expect((await ann.ask("GET", "/api/me")).status).toBe(200)
  expect((await phone.ask("GET", "/api/me")).status).toBe(401)
  expect((await trySignIn(docket, ann)).status).toBe(401)
  expect((await trySignIn(docket, { ...ann, password })).status).toBe(201)
  expect(await lettersTo(docket, ann.email)).toContain("password-changed")
  const reset = { body: { token: link, password: "yet another password" } }
  expect((await docket.request("POST", "/api/password-resets/confirmation", reset)).status).toBe(410)
})

test("a thief of the session can guess at the password only so often", async () => {
  const ann = await member()
  await exhaust(docket, LIMITS.passwordChecks, ann.id)
  for (const [path, body] of [
    ["/api/me/password", { currentPassword: "a wrong password", password: "a new password altogether" }],
    ["/api/me/email", { email: newPerson().email, password: "a wrong password" }],
    ["/api/me/deletion", { password: "a wrong password" }],
  ] as const)
    expect((await ann.ask("PUT", path, body)).status).toBe(429)
})

test("a new address is confirmed where it leads, and the old one told", async () => {
  const ann = await member()
  const { email } = newPerson()
  const rev = await revOf(ann.id)
  const wrong = await ann.ask("PUT", "/api/me/email", { email, password: "a wrong password" })
  expect(wrong).toMatchObject({ status: 403, body: { type: "urn:docket:problem:wrong-password" } })
  const asked = await ann.ask("PUT", "/api/me/email", {
    email: ` ${email.toUpperCase()}`,
    password: ann.password,
  })
  expect(asked).toMatchObject({ status: 202, body: { email: ann.email, pendingEmail: email } })
  expect(await lettersTo(docket, ann.email)).toContain("change-email")
  expect((await trySignIn(docket, ann)).status).toBe(201)
  expect((await trySignIn(docket, { ...ann, email })).status).toBe(401)

  const token = await tokenFor(docket, ann.email, "change-email")
  const confirm = async () =>
    (await docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })).status
  expect(await confirm()).toBe(204)
  expect(await confirm()).toBe(204)
  await ageToken(docket, token, 3700)
  expect(await confirm()).toBe(410)
  expect((await ann.ask("GET", "/api/me")).body).toMatchObject({ email, pendingEmail: null })
  expect((await trySignIn(docket, ann)).status).toBe(401)
  expect((await trySignIn(docket, { ...ann, email })).status).toBe(201)
  expect(await lettersTo(docket, email)).toContain("email-changed")
  const [row] = await sql`select previous_email from accounts where id = ${ann.id}`
  expect(row).toEqual({ previousEmail: ann.email })
  expect(await revOf(ann.id)).toBe(rev + 2)
})

test("the last address asked for is the one that can be confirmed", async () => {
  const ann = await member()
  const [first, second] = [newPerson(), newPerson()]
  await ann.ask("PUT", "/api/me/email", { email: first.email, password: ann.password })
  const token = await tokenFor(docket, ann.email, "change-email")
  await ann.ask("PUT", "/api/me/email", { email: second.email, password: ann.password })
  const answer = await docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })
  expect(answer.status).toBe(410)
  // Asking for the address one has takes it back.
  const back = await ann.ask("PUT", "/api/me/email", { email: ann.email, password: ann.password })
  expect(back).toMatchObject({ status: 200, body: { email: ann.email, pendingEmail: null } })
})

test("an address that someone has is told of only to who reads its mailbox", async () => {
  const [ann, ben] = [await member(), await registered(docket)]
  const asked = await ann.ask("PUT", "/api/me/email", { email: ben.email, password: ann.password })
  expect(asked).toMatchObject({ status: 202, body: { pendingEmail: ben.email } })
  const token = await tokenFor(docket, ann.email, "change-email")
  const answer = await docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })
  expect([answer.status, await answer.json()]).toMatchObject([
    409,
    { type: "urn:docket:problem:email-taken" },
  ])
  expect((await trySignIn(docket, ben)).status).toBe(201)
  expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("a registration of the new address that no one verified gives way to who reads its mailbox", async () => {
  const [ann, squatter] = [await member(), newPerson()]
  await ann.ask("PUT", "/api/me/email", { email: squatter.email, password: ann.password })
  const { address, ...body } = squatter
  await docket.request("POST", "/api/accounts", { body, address })
  const token = await tokenFor(docket, ann.email, "change-email")
  const answer = await docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })
  expect(answer.status).toBe(204)
  expect((await trySignIn(docket, { ...ann, email: squatter.email })).status).toBe(201)
  expect((await trySignIn(docket, squatter)).status).toBe(401)
})

test("changes of address are limited", async () => {
  const ann = await member()
  await exhaust(docket, LIMITS.emailChanges, ann.id)
  expect(
    (await ann.ask("PUT", "/api/me/email", { email: newPerson().email, password: ann.password })).status,
  ).toBe(429)
})

test("without mail the address changes at once, unless it is taken", async () => {
  const alone = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "" })
  const [ann, ben] = [await member(alone), await registered(alone)]
  const { email } = newPerson()
  const changed = await ann.ask("PUT", "/api/me/email", { email, password: ann.password })
  expect(changed).toMatchObject({ status: 200, body: { email, pendingEmail: null } })
  const taken = await ann.ask("PUT", "/api/me/email", { email: ben.email, password: ann.password })
  expect(taken).toMatchObject({ status: 409, body: { type: "urn:docket:problem:email-taken" } })
  expect((await trySignIn(alone, { ...ann, email })).status).toBe(201)
})

test("deletion waits 14 days, in which I can sign in and keep my account", async () => {
  const ann = await member()
  const phone = await member(docket, ann)
  expect((await ann.ask("PUT", "/api/me/deletion", { password: "a wrong password" })).status).toBe(403)
  const asked = await ann.ask("PUT", "/api/me/deletion", { password: ann.password })
  expect(asked.status).toBe(200)
  const days = (Date.parse(asked.body.deletesAt) - Date.now()) / 86_400_000
  expect(days).toBeCloseTo(14, 2)
  expect(await lettersTo(docket, ann.email)).toContain("deletion-scheduled")
  expect((await phone.ask("GET", "/api/me")).status).toBe(401)
  // Asking again does not put it off.
  expect((await ann.ask("PUT", "/api/me/deletion", { password: ann.password })).body.deletesAt).toBe(
    asked.body.deletesAt,
  )
  const again = await (await trySignIn(docket, ann)).json()
  expect(again.me.deletesAt).toBe(asked.body.deletesAt)
  expect(await ann.ask("DELETE", "/api/me/deletion")).toMatchObject({
    status: 200,
    body: { deletesAt: null },
  })
})

test("once the grace is over there is no way back, even before the rows are gone", async () => {
  const ann = await member()
  await ann.ask("PUT", "/api/me/deletion", { password: ann.password })
  await sql`update accounts set deletes_at = now() - interval '1 second' where id = ${ann.id}`
  expect((await trySignIn(docket, ann)).status).toBe(401)
  expect((await ann.ask("DELETE", "/api/me/deletion")).status).toBe(401)
  // The address is free at once.
  await registered(docket, ann)
  const afresh = await (await trySignIn(docket, ann)).json()
  expect([afresh.me.email, afresh.me.id === ann.id]).toEqual([ann.email, false])
})
