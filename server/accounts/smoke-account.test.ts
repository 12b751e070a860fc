import { expect, test } from "bun:test"
import { LIMITS } from "../limits/limits.ts"
import type { Letter } from "../mail/letters.ts"
import { testApp } from "../testing/app.ts"
import { exhaust, newPerson } from "../testing/people.ts"
import { findAddressee } from "./letter-queries.ts"
import { isSmokeHash, renewSmokeAccount, SMOKE_EMAIL, SMOKE_HASH_PARAMETERS } from "./smoke-account.ts"

const docket = await testApp()
const { sql } = docket.dependencies

async function renewed() {
  const password = crypto.getRandomValues(new Uint8Array(32)).toBase64()
  const hash = await Bun.password.hash(password, SMOKE_HASH_PARAMETERS)
  expect(isSmokeHash(hash)).toBe(true)
  return { password, outcome: await renewSmokeAccount(sql, hash) }
}

const signIn = (password: string, address = newPerson().address) =>
  docket.request("POST", "/api/sessions", { body: { email: SMOKE_EMAIL, password }, address })

const account = async () =>
  (
    await sql<{ id: string; isSmoke: boolean; passwordHash: string }[]>`
      select id, is_smoke, password_hash from accounts where email = ${SMOKE_EMAIL}`
  )[0]!

test("it is made once, verified, and signs in with the newest password only", async () => {
  const first = await renewed()
  expect(first.outcome).toBe("made")
  expect((await signIn(first.password)).status).toBe(201)
  const second = await renewed()
  expect(second.outcome).toBe("renewed")
  expect((await signIn(first.password)).status).toBe(401)
  expect((await signIn(second.password)).status).toBe(201)
  expect((await account()).isSmoke).toBe(true)
  expect((await account()).passwordHash).toStartWith("$argon2id$v=19$m=8,t=1,p=1$")
})

test("no limit counts it", async () => {
  const { password } = await renewed()
  const { address } = newPerson()
  for (const limit of [LIMITS.signInsByNetwork, LIMITS.wrongPasswordsByNetwork])
    await exhaust(docket, limit, `${address}/32`)
  await exhaust(docket, LIMITS.wrongPasswordsByAccount, SMOKE_EMAIL)
  await exhaust(docket, LIMITS.wrongPasswordsByAccountAndNetwork, `${SMOKE_EMAIL} ${address}/32`)
  expect((await signIn("a guess", address)).status).toBe(401)
  expect((await signIn(password, address)).status).toBe(201)
})

test("nobody can register it, write to it, or move to its address", async () => {
  await renewed()
  const { password, name, address } = newPerson()
  for (const [path, body] of [
    ["/api/accounts", { email: SMOKE_EMAIL, password, name }],
    ["/api/accounts", { email: " Somebody@Elsewhere.INVALID", password, name }],
    ["/api/password-resets", { email: SMOKE_EMAIL }],
    ["/api/email-verifications", { email: SMOKE_EMAIL }],
  ] as const) {
    const answer = await docket.request("POST", path, { body, address })
    expect([path, answer.status]).toEqual([path, 400])
    expect((await answer.json()).errors[0]).toMatchObject({ path: "/email", code: "not-an-email" })
  }
})

test("a letter that was queued to it all the same has no addressee", async () => {
  await renewed()
  const { id } = await account()
  const letter: Letter = { kind: "password-changed", accountId: id }
  expect(await findAddressee(sql, letter.accountId)).toBeNull()
})

test("what earlier runs left is swept, what a run at the same moment needs is not", async () => {
  const { password } = await renewed()
  const { accessToken: token } = await (await signIn(password)).json()
  const create = async (path: string, body: object) =>
    (await docket.request("POST", path, { body, token })).json()
  const old = await create("/api/todos", { title: "Left behind" })
  const trashed = await create("/api/todos", { title: "Left in the trash" })
  await docket.request("DELETE", `/api/todos/${trashed.id}`, { token })
  const oldList = await create("/api/lists", { name: "Left behind" })
  await sql`update todos set created_at = now() - interval '6 minutes' where id in ${sql([old.id, trashed.id])}`
  await sql`update lists set created_at = now() - interval '6 minutes' where id = ${oldList.id}`
  await sql`update sessions set created_at = now() - interval '6 minutes' where account_id = ${(await account()).id}`
  const recent = await create("/api/todos", { title: "In use" })
  const { accessToken } = await (await signIn(password)).json()
  const next = await renewed()
  docket.passSeconds(6)
  expect((await docket.request("GET", "/api/todos", { token })).status).toBe(401)
  const left = await (await docket.request("GET", "/api/todos", { token: accessToken })).json()
  expect(left.items.map(({ id }: { id: string }) => id)).toEqual([recent.id])
  expect((await docket.request("GET", `/api/todos/${trashed.id}`, { token: accessToken })).status).toBe(404)
  expect((await docket.request("GET", `/api/lists/${oldList.id}`, { token: accessToken })).status).toBe(404)
  const [{ size }] = await sql<[{ size: number }]>`select size from spaces where id = ${recent.listId}`
  expect(size).toBe(1)
  expect(next.outcome).toBe("renewed")
})

test("a person's account of that address, from before it was reserved, is left alone", async () => {
  await sql`update accounts set is_smoke = false where email = ${SMOKE_EMAIL}`
  const before = await account()
  expect((await renewed()).outcome).toBeNull()
  expect(await account()).toEqual(before)
  await sql`update accounts set is_smoke = true where email = ${SMOKE_EMAIL}`
})
