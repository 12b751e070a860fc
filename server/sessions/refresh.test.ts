import { expect, test } from "bun:test"
import { testApp } from "../testing/app.ts"
import { registered, trySignIn } from "../testing/people.ts"

const docket = await testApp()
const { sql } = docket.dependencies
const ORIGIN = "http://localhost:8000"

/** A browser: keeps the cookie, and says which page it shows. */
async function browser() {
  const person = await registered(docket)
  const answer = await trySignIn(docket, person)
  const { accessToken } = await answer.json()
  const [claims] = [JSON.parse(Buffer.from(accessToken.split(".")[1], "base64url").toString())]
  return {
    ...person,
    accessToken: accessToken as string,
    sessionId: claims.sid as string,
    cookie: cookieOf(answer),
  }
}

const cookieOf = (answer: Response) => answer.headers.get("Set-Cookie")!.split(";")[0]!

const refresh = (cookie: string, headers: Record<string, string> = { Origin: ORIGIN }) =>
  docket.request("POST", "/api/sessions/current/refresh", { headers: { Cookie: cookie, ...headers } })

/** Refreshes and returns the next cookie. */
async function next(cookie: string): Promise<string> {
  const answer = await refresh(cookie)
  expect(answer.status).toBe(200)
  return cookieOf(answer)
}

/** Makes what is stored of the session's tokens so many seconds older. */
const ageTokens = (sessionId: string, seconds: number) => sql`
  update refresh_tokens set superseded_at = superseded_at - make_interval(secs => ${seconds}),
    issued_at = issued_at - make_interval(secs => ${seconds})
  where session_id = ${sessionId}`

const isSignedIn = async (token: string) => {
  docket.passSeconds(5)
  return (await docket.request("GET", "/api/me", { token })).status === 200
}

test("a refresh gives a new access token and the next cookie, and notes where from", async () => {
  const ann = await browser()
  const answer = await docket.request("POST", "/api/sessions/current/refresh", {
    headers: { Cookie: ann.cookie, Origin: ORIGIN, "User-Agent": `Firefox ${"x".repeat(500)}` },
    address: "2001:db8::5",
  })
  expect(answer.status).toBe(200)
  expect(cookieOf(answer)).not.toBe(ann.cookie)
  const { accessToken, expiresIn, me } = await answer.json()
  expect([expiresIn, me.email]).toEqual([900, ann.email])
  const sessions = await docket.request("GET", "/api/sessions", { token: accessToken })
  const { items } = await sessions.json()
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({ id: ann.sessionId, current: true, address: "2001:db8::5" })
  expect(items[0].userAgent).toHaveLength(400)
})

test("a chain of refreshes goes on and on, and keeps few rows", async () => {
  const ann = await browser()
  let { cookie } = ann
  for (let n = 0; n < 8; n += 1) {
    cookie = await next(cookie)
    await ageTokens(ann.sessionId, 900)
  }
  const rows = await sql`select from refresh_tokens where session_id = ${ann.sessionId}`
  expect(rows.length).toBeLessThanOrEqual(3)
})

test("two tabs that refresh at the same moment both go on", async () => {
  const ann = await browser()
  const answers = await Promise.all([refresh(ann.cookie), refresh(ann.cookie), refresh(ann.cookie)])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const cookies = answers.map(cookieOf)
  expect(new Set(cookies).size).toBe(3)
  // Whichever answer the browser kept, and however late it comes back.
  await ageTokens(ann.sessionId, 3600)
  for (const cookie of cookies) await next(cookie)
})

test("an answer lost on the way is asked for again, an hour later too", async () => {
  const ann = await browser()
  await next(ann.cookie)
  await ageTokens(ann.sessionId, 3600)
  const kept = await next(ann.cookie)
  await ageTokens(ann.sessionId, 3600)
  await next(kept)
})

test("a token is good for 30 seconds after its successor was first used, then ends the session", async () => {
  const ann = await browser()
  const second = await next(ann.cookie)
  const third = await next(second)
  await ageTokens(ann.sessionId, 29)
  await next(ann.cookie)
  await ageTokens(ann.sessionId, 2)
  expect(await isSignedIn(ann.accessToken)).toBe(true)
  const reuse = await refresh(ann.cookie)
  expect([reuse.status, await reuse.json()]).toMatchObject([
    401,
    { type: "urn:docket:problem:unauthenticated" },
  ])
  expect(await isSignedIn(ann.accessToken)).toBe(false)
  expect((await refresh(third)).status).toBe(401)
})

test("a copy used long after its row is gone still ends the session", async () => {
  const ann = await browser()
  let cookie = ann.cookie
  for (let n = 0; n < 4; n += 1) {
    cookie = await next(cookie)
    await ageTokens(ann.sessionId, 86_400)
  }
  expect((await refresh(ann.cookie)).status).toBe(401)
  expect((await refresh(cookie)).status).toBe(401)
})

test("a token of another session, a made-up one, and none at all are 401 and end nothing", async () => {
  const [ann, ben] = [await browser(), await browser()]
  const bytes = Buffer.from(ann.cookie.split("=")[1]!, "base64url")
  // Knowing a session's id is not enough to end it.
  const forged = Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(48, 7)]).toString("base64url")
  for (const cookie of [`docket-refresh=${forged}`, "docket-refresh=nonsense", "docket-refresh=", "other=1"])
    expect((await refresh(cookie)).status).toBe(401)
  expect((await docket.request("POST", "/api/sessions/current/refresh")).status).toBe(401)
  for (const { accessToken, cookie } of [ann, ben]) {
    expect(await isSignedIn(accessToken)).toBe(true)
    await next(cookie)
  }
})

test("the cookie is taken only from the page's own origin", async () => {
  const ann = await browser()
  const elsewhere: Record<string, string>[] = [
    {},
    { Origin: "null" },
    { Origin: "https://evil.example" },
    { Origin: `${ORIGIN}1` },
  ]
  for (const headers of elsewhere) {
    const answer = await refresh(ann.cookie, headers)
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { type: "urn:docket:problem:origin-not-allowed" },
    ])
    const signOut = await docket.request("DELETE", "/api/sessions/current", {
      headers: { Cookie: ann.cookie, ...headers },
    })
    expect(signOut.status).toBe(403)
  }
  await next(ann.cookie)
})

test("a session ends after 30 days without use, and after a year", async () => {
  const [ann, ben, cem] = [await browser(), await browser(), await browser()]
  await sql`update sessions set last_used_at = now() - interval '29 days 23 hours' where id = ${cem.sessionId}`
  await sql`update sessions set last_used_at = now() - interval '30 days' where id = ${ann.sessionId}`
  await sql`update sessions set created_at = now() - interval '365 days' where id = ${ben.sessionId}`
  expect((await refresh(ann.cookie)).status).toBe(401)
  expect((await refresh(ben.cookie)).status).toBe(401)
  expect(await isSignedIn(ann.accessToken)).toBe(false)
  await next(cem.cookie)
  await sql`update sessions set created_at = now() - interval '364 days' where id = ${cem.sessionId}`
  const answer = await refresh(cem.cookie)
  const maxAge = Number(answer.headers.get("Set-Cookie")?.match(/Max-Age=(\d+)/)?.[1])
  // And 90 days, in which it can be told that the account is gone.
  expect(maxAge).toBeGreaterThan(86_000 + 90 * 86_400)
  expect(maxAge).toBeLessThanOrEqual(86_400 + 90 * 86_400)
})

test("the answers that were never used are bounded", async () => {
  const ann = await browser()
  await sql`
    insert into refresh_tokens (hash, session_id, generation, issued_at)
    select sha256(n::text::bytea), ${ann.sessionId}, 1, now() - interval '1 minute' from generate_series(1, 200) n`
  const kept = await next(ann.cookie)
  const rows = await sql`select from refresh_tokens where session_id = ${ann.sessionId} and generation = 1`
  expect(rows).toHaveLength(50)
  await next(kept)
})

test("a session is not refreshed without end", async () => {
  const ann = await browser()
  let answer = await refresh(ann.cookie)
  for (let n = 0; n < 40 && answer.status === 200; n += 1) answer = await refresh(ann.cookie)
  expect(answer.status).toBe(429)
  expect(answer.headers.get("Retry-After")).toBeTruthy()
})
