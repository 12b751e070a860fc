import { expect, test } from "bun:test"
import { signIn, testApp } from "../testing/app.ts"
import { registered, trySignIn } from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies
const ORIGIN = "http://localhost:8000"

const status = async (answer: Promise<Response>) => (await answer).status

test("sign out by the access token alone, by the cookie alone, by both, and twice", async () => {
  const ann = await registered(docket)
  for (const by of [["token"], ["cookie"], ["token", "cookie"]]) {
    const begun = await trySignIn(docket, ann)
    const { accessToken } = await begun.json()
    const cookie = begun.headers.get("Set-Cookie")!.split(";")[0]!
    const out = () =>
      docket.request("DELETE", "/api/sessions/current", {
        token: by.includes("token") ? accessToken : undefined,
        headers: by.includes("cookie") ? { Cookie: cookie, Origin: ORIGIN } : {},
      })
    const answer = await out()
    expect([answer.status, await answer.text()]).toEqual([204, ""])
    expect(answer.headers.get("Set-Cookie")).toMatch(/^docket-refresh=; .*Max-Age=0/)
    expect(await status(docket.request("GET", "/api/me", { token: accessToken }))).toBe(401)
    expect(
      await status(
        docket.request("POST", "/api/sessions/current/refresh", {
          headers: { Cookie: cookie, Origin: ORIGIN },
        }),
      ),
    ).toBe(401)
    expect((await out()).status).toBe(204)
  }
  expect(await status(docket.request("DELETE", "/api/sessions/current"))).toBe(204)
})

test("my sessions, the last used first, and no one else's", async () => {
  const ann = await signIn(docket)
  await signIn(docket)
  const phone = await signIn(docket, ann.accountId)
  const gone = await signIn(docket, ann.accountId)
  const idle = await signIn(docket, ann.accountId)
  await sql`update sessions set ended_at = now() where id = ${gone.sessionId}`
  await sql`update sessions set last_used_at = now() - interval '31 days' where id = ${idle.sessionId}`
  await sql`update sessions set last_used_at = now() - interval '1 hour' where id = ${ann.sessionId}`
  const answer = await ann.request("GET", "/api/sessions")
  const page = await answer.json()
  expect(page.nextCursor).toBeNull()
  expect(page.items).toMatchObject([
    { id: phone.sessionId, current: false, userAgent: "Test", address: "192.0.2.1" },
    { id: ann.sessionId, current: true },
  ])
})

test("ending one of my sessions, at once on this replica; another person's is not found", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const phone = await signIn(docket, ann.accountId)
  expect(await status(phone.request("GET", "/api/me"))).toBe(200)
  expect(await status(ann.request("DELETE", `/api/sessions/${phone.sessionId}`))).toBe(204)
  expect(await status(phone.request("GET", "/api/me"))).toBe(401)
  expect(await status(ann.request("DELETE", `/api/sessions/${phone.sessionId}`))).toBe(404)
  expect(await status(ann.request("DELETE", `/api/sessions/${ben.sessionId}`))).toBe(404)
  expect(await status(ann.request("DELETE", "/api/sessions/not-a-uuid"))).toBe(400)
  expect(await status(ben.request("GET", "/api/me"))).toBe(200)
})

test("ending all my other sessions", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const others = [await signIn(docket, ann.accountId), await signIn(docket, ann.accountId)]
  for (const other of others) expect(await status(other.request("GET", "/api/me"))).toBe(200)
  expect(await status(ann.request("DELETE", "/api/sessions"))).toBe(204)
  for (const other of others) expect(await status(other.request("GET", "/api/me"))).toBe(401)
  expect(await status(ann.request("GET", "/api/me"))).toBe(200)
  expect(await status(ben.request("GET", "/api/me"))).toBe(200)
  const ended = sql(others.map(({ sessionId }) => sessionId))
  expect(await sql`select from refresh_tokens where session_id in ${ended}`).toHaveLength(0)
})
