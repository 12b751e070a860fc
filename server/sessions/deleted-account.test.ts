import { expect, test } from "bun:test"
import { eraseAgain } from "../../ops/backup/erasures.ts"
import { purgeAccounts } from "../accounts/purge.ts"
import { testApp } from "../testing/app.ts"
import { registered, trySignIn } from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies
const ORIGIN = "http://localhost:8000"

const cookieOf = (answer: Response) => answer.headers.get("Set-Cookie")!.split(";")[0]!

const refresh = (cookie: string, address?: string) =>
  docket.request("POST", "/api/sessions/current/refresh", {
    headers: { Cookie: cookie, Origin: ORIGIN },
    address,
  })

/** Someone with two browsers; `older` is the first one's cookie from before it was renewed. */
async function someone() {
  const person = await registered(docket)
  const older = cookieOf(await trySignIn(docket, person))
  const renewed = await refresh(older)
  const second = cookieOf(await trySignIn(docket, person))
  const { me } = await renewed.json()
  return { id: me.id as string, older, first: cookieOf(renewed), second }
}

async function deleteNow(id: string) {
  await sql`update accounts set deletes_at = now() where id = ${id}`
  expect(await purgeAccounts(sql)).toMatchObject({ accounts: 1 })
}

async function told(cookie: string) {
  const answer = await refresh(cookie)
  const { type, accountId } = await answer.json()
  return [answer.status, type.replace("urn:docket:problem:", ""), accountId]
}

test("each browser of a deleted account is told so, also by an older token or a session that had ended", async () => {
  const ann = await someone()
  const ended = cookieOf(await trySignIn(docket, await registered(docket)))
  await sql`update sessions set ended_at = now() where account_id = ${ann.id}`
  expect(await told(ann.first)).toEqual([401, "unauthenticated", undefined])
  await deleteNow(ann.id)
  for (const cookie of [ann.first, ann.second, ann.older])
    expect(await told(cookie)).toEqual([401, "account-deleted", ann.id])
  // Asked again: a page may have been closed before it had removed anything.
  expect(await told(ann.first)).toEqual([401, "account-deleted", ann.id])
  // Someone else's session ended, and their account is there.
  await sql`update sessions set ended_at = now() where account_id <> ${ann.id}`
  expect(await told(ended)).toEqual([401, "unauthenticated", undefined])
})

test("nobody else is told: neither by the session's id, nor by a token that was never made", async () => {
  const ann = await someone()
  await deleteNow(ann.id)
  const bytes = Buffer.from(ann.first.split("=")[1]!, "base64url")
  const forged = Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(48, 7)]).toString("base64url")
  expect(await told(`docket-refresh=${forged}`)).toEqual([401, "unauthenticated", undefined])
  expect(await told("docket-refresh=nonsense")).toEqual([401, "unauthenticated", undefined])
})

test("what is kept for it names no one, and goes after 90 days", async () => {
  const ann = await someone()
  await deleteNow(ann.id)
  const kept = await sql`select * from deleted_sessions where account_id = ${ann.id}`
  expect(kept).toHaveLength(2)
  expect(Object.keys(kept[0]!).sort()).toEqual(["accountId", "deletedAt", "refreshFamily"])
  await sql`update deleted_sessions set deleted_at = now() - interval '89 days' where account_id = ${ann.id}`
  expect(await purgeAccounts(sql)).toMatchObject({ deletedSessions: 0 })
  await sql`update deleted_sessions set deleted_at = now() - interval '90 days' where account_id = ${ann.id}`
  expect(await purgeAccounts(sql)).toMatchObject({ deletedSessions: 2 })
  expect(await told(ann.first)).toEqual([401, "unauthenticated", undefined])
})

test("asking counts as a bad refresh: it is bounded by network", async () => {
  const ann = await someone()
  await deleteNow(ann.id)
  const statuses: number[] = []
  // The 30 of the session come first, which are fewer than the network's.
  for (let n = 0; n < 40; n += 1) statuses.push((await refresh(ann.first, "203.0.113.9")).status)
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401))
  expect(statuses.at(-1)).toBe(429)
})

test("a restored backup's devices are told too, once it was erased again", async () => {
  const ann = await someone()
  // As a restore does before it erases.
  await sql`update sessions set ended_at = now()`
  await sql`delete from refresh_tokens`
  expect(await eraseAgain(sql, [{ accountId: ann.id, erasedAt: "2026-01-01T00:00:00.000Z" }])).toBe(1)
  expect(await told(ann.second)).toEqual([401, "account-deleted", ann.id])
  // And a second restore of it has nothing left to erase.
  expect(await eraseAgain(sql, [{ accountId: ann.id, erasedAt: "2026-01-01T00:00:00.000Z" }])).toBe(0)
  const [erasure] = await sql<
    { erasedAt: string }[]
  >`select erased_at from erasures where account_id = ${ann.id}`
  expect(erasure!.erasedAt).toBe("2026-01-01T00:00:00.000Z")
})
