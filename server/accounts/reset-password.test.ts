import { expect, test } from "bun:test"
import { LIMITS } from "../limits/limits.ts"
import { testApp } from "../testing/app.ts"
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

const forgot = ({ email, address }: Pick<Person, "email" | "address">, app = docket) =>
  app.request("POST", "/api/password-resets", { body: { email }, address })
const reset = (token: string, password: string) =>
  docket.request("POST", "/api/password-resets/confirmation", { body: { token, password } })
const signedIn = async (person: Person) => {
  const { accessToken } = await (await trySignIn(docket, person)).json()
  return async () => (await docket.request("GET", "/api/me", { token: accessToken })).status
}

test("a new password by letter: every session ends, other links too, and a letter tells", async () => {
  const ann = await registered(docket)
  const sessions = [await signedIn(ann), await signedIn(ann)]
  for (const visit of sessions) expect(await visit()).toBe(200)
  expect((await forgot(ann)).status).toBe(202)
  expect(await lettersTo(docket, ann.email)).toContain("reset-password")
  const [token, another] = [
    await tokenFor(docket, ann.email, "reset-password"),
    await tokenFor(docket, ann.email, "reset-password"),
  ]
  const changed = { ...ann, password: "a new password altogether" }
  expect((await reset(token, changed.password)).status).toBe(204)
  for (const visit of sessions) expect(await visit()).toBe(401)
  expect((await trySignIn(docket, ann)).status).toBe(401)
  expect((await trySignIn(docket, changed)).status).toBe(201)
  expect(await lettersTo(docket, ann.email)).toContain("password-changed")
  for (const used of [token, another]) {
    const answer = await reset(used, "yet another password")
    expect([answer.status, await answer.json()]).toMatchObject([
      410,
      { type: "urn:docket:problem:link-expired" },
    ])
  }
  expect((await trySignIn(docket, changed)).status).toBe(201)
})

test("a link is good for an hour, and once, whoever is first", async () => {
  const ann = await registered(docket)
  const late = await tokenFor(docket, ann.email, "reset-password")
  await ageToken(docket, late, 3600)
  expect((await reset(late, "a new password altogether")).status).toBe(410)
  const token = await tokenFor(docket, ann.email, "reset-password")
  await ageToken(docket, token, 3540)
  const passwords = ["the first new password", "the second new password", "the third new password"]
  const answers = await Promise.all(passwords.map((password) => reset(token, password)))
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 410, 410])
  const winner = passwords[answers.findIndex(({ status }) => status === 204)]!
  expect((await trySignIn(docket, { ...ann, password: winner })).status).toBe(201)
})

test("a password that may not be one does not use the link up", async () => {
  const ann = await registered(docket)
  const token = await tokenFor(docket, ann.email, "reset-password")
  for (const [password, code] of [
    ["short", "too-short"],
    ["password123", "too-common"],
    [`${ann.email}`, "contains-email"],
  ] as const) {
    const answer = await reset(token, password)
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { errors: [{ path: "/password", code }] },
    ])
  }
  expect((await reset(token, "a new password altogether")).status).toBe(204)
})

test("forgetting tells nothing: no account, an unverified one and a verified one get the same answer", async () => {
  const verified = await registered(docket)
  const { address, ...body } = newPerson()
  await docket.request("POST", "/api/accounts", { body, address })
  for (const person of [verified, { email: body.email, address }, newPerson()]) {
    const answer = await forgot(person)
    expect([answer.status, await answer.json()]).toEqual([202, {}])
  }
  expect(await lettersTo(docket, body.email)).toContain("reset-password")
})

test("a reset shows that the address is one's own", async () => {
  const { address, ...body } = newPerson()
  await docket.request("POST", "/api/accounts", { body, address })
  const token = await tokenFor(docket, body.email, "reset-password")
  expect((await reset(token, body.password)).status).toBe(204)
  expect((await trySignIn(docket, { ...body, address })).status).toBe(201)
})

test("a change of address that someone else asked for is void after a reset", async () => {
  const ann = await registered(docket)
  const { accessToken } = await (await trySignIn(docket, ann)).json()
  const body = { email: newPerson().email, password: ann.password }
  expect((await docket.request("PUT", "/api/me/email", { token: accessToken, body })).status).toBe(202)
  const theirs = await tokenFor(docket, ann.email, "change-email")
  const token = await tokenFor(docket, ann.email, "reset-password")
  expect((await reset(token, "a new password altogether")).status).toBe(204)
  const confirmation = { body: { token: theirs } }
  expect((await docket.request("POST", "/api/email-verifications/confirmation", confirmation)).status).toBe(
    410,
  )
  const { me } = await (await trySignIn(docket, { ...ann, password: "a new password altogether" })).json()
  expect([me.email, me.pendingEmail]).toEqual([ann.email, null])
})

test("letters to one address are limited for strangers, not from a network the account has used", async () => {
  const ann = await registered(docket)
  await signedIn(ann)
  await exhaust(docket, LIMITS.lettersByAddress, ann.email)
  expect((await forgot({ ...ann, address: newPerson().address })).status).toBe(429)
  expect((await forgot(ann)).status).toBe(202)
  expect(await sql`select from limits where bucket like ${`%${ann.email}%`}`).toHaveLength(0)
})

test("where no letters can be sent it says which command the operator runs", async () => {
  const alone = await testApp({ SMTP_HOST: "", SMTP_FROM_EMAIL: "" })
  const answer = await forgot(newPerson(), alone)
  const problem = await answer.json()
  expect([answer.status, problem.type]).toEqual([501, "urn:docket:problem:mail-not-configured"])
  expect(problem.detail).toContain("bun run reset-link")
})
