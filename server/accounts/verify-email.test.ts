import { expect, test } from "bun:test"
import { LIMITS } from "../limits/limits.ts"
import { testApp } from "../testing/app.ts"
import {
  ageToken,
  exhaust,
  lettersTo,
  newPerson,
  registered,
  tokenFor,
  trySignIn,
} from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies

const confirm = async (token: string) =>
  (await docket.request("POST", "/api/email-verifications/confirmation", { body: { token } })).status
const resend = ({ email, address }: { email: string; address: string }) =>
  docket.request("POST", "/api/email-verifications", { body: { email }, address })

/** Registered, and the link not followed. */
async function unverified() {
  const person = newPerson()
  const { address, ...body } = person
  await docket.request("POST", "/api/accounts", { body, address })
  await sql`delete from pgboss.job`
  return person
}

test("a link is good for a day", async () => {
  const ann = await unverified()
  const late = await tokenFor(docket, ann.email, "verify-email")
  const token = await tokenFor(docket, ann.email, "verify-email")
  await ageToken(docket, late, 24 * 3600)
  await ageToken(docket, token, 24 * 3600 - 60)
  expect(await confirm(late)).toBe(410)
  expect((await trySignIn(docket, ann)).status).toBe(403)
  expect(await confirm(token)).toBe(204)
  expect((await trySignIn(docket, ann)).status).toBe(201)
})

test("followed twice it succeeds twice, within the hour", async () => {
  const ann = await unverified()
  const token = await tokenFor(docket, ann.email, "verify-email")
  expect(await Promise.all([confirm(token), confirm(token)])).toEqual([204, 204])
  await ageToken(docket, token, 3600 - 60)
  expect(await confirm(token)).toBe(204)
  await ageToken(docket, token, 120)
  expect(await confirm(token)).toBe(410)
})

test("what is no such token is expired, one for something else too", async () => {
  const ann = await unverified()
  expect(await confirm("nonsense")).toBe(410)
  expect(await confirm("")).toBe(410)
  expect(await confirm(await tokenFor(docket, ann.email, "reset-password"))).toBe(410)
  expect((await trySignIn(docket, ann)).status).toBe(403)
})

test("only an address that waits gets another letter; the answer is the same for all", async () => {
  const waiting = await unverified()
  const done = await registered(docket)
  await sql`delete from pgboss.job`
  for (const person of [waiting, done, newPerson()]) {
    const answer = await resend(person)
    expect([answer.status, await answer.json()]).toEqual([202, {}])
  }
  expect(await docket.letters()).toHaveLength(1)
  expect(await lettersTo(docket, waiting.email)).toEqual(["verify-email"])
  expect((await resend({ ...waiting, email: "no address" })).status).toBe(400)
})

test("letters to one address are limited, by network and in all, account or not", async () => {
  for (const person of [await unverified(), newPerson()]) {
    const { email, address } = person
    await exhaust(docket, LIMITS.lettersByAddressAndNetwork, `${email} ${address}/32`)
    const refused = await resend(person)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0)
    expect((await resend({ email, address: newPerson().address })).status).toBe(202)
    await exhaust(docket, LIMITS.lettersByAddress, email)
    expect((await resend({ email, address: newPerson().address })).status).toBe(429)
  }
  const flooder = newPerson()
  await exhaust(docket, LIMITS.lettersByNetwork, `${flooder.address}/32`)
  expect((await resend(flooder)).status).toBe(429)
})
