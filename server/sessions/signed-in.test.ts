import { expect, test } from "bun:test"
import { Elysia } from "elysia"
import { problemResponses } from "../problem-responses.ts"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import { signedIn } from "./signed-in.ts"

const docket = await testApp()
const app = new Elysia()
  .use(problemResponses(docket.dependencies))
  .use(new Elysia().use(signedIn(docket.dependencies)).get("/who", ({ caller }) => caller))

const visit = async (token?: string, scheme = "Bearer") =>
  app.handle(
    new Request("http://localhost/who", { headers: token ? { Authorization: `${scheme} ${token}` } : {} }),
  )

const end = ({ sessionId }: SignedIn) =>
  docket.dependencies.sql`update sessions set ended_at = now() where id = ${sessionId}`

test("the caller is known by the token", async () => {
  const ann = await signIn(docket)
  const answer = await visit(ann.token)
  expect(await answer.json()).toEqual({ accountId: ann.accountId, sessionId: ann.sessionId })
  expect((await visit(ann.token, "bearer")).status).toBe(200)
})

test("without a good token the answer is 401 and says how to come in", async () => {
  const ann = await signIn(docket)
  for (const answer of [await visit(), await visit("nonsense"), await visit(ann.token, "Basic")]) {
    expect(answer.status).toBe(401)
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer")
    expect(await answer.json()).toMatchObject({ type: "urn:docket:problem:unauthenticated" })
  }
})

test("a session that never was, or is another account's, is refused", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  const { sign } = docket.dependencies.accessTokens
  expect((await visit(await sign({ ...ann, sessionId: Bun.randomUUIDv7() }))).status).toBe(401)
  expect((await visit(await sign({ ...ann, sessionId: ben.sessionId }))).status).toBe(401)
})

test("a session ended elsewhere is trusted for five seconds and no longer", async () => {
  const ann = await signIn(docket)
  expect((await visit(ann.token)).status).toBe(200)
  await end(ann)
  // Nothing was read: within these seconds a request costs no query.
  docket.passSeconds(4)
  expect((await visit(ann.token)).status).toBe(200)
  docket.passSeconds(1)
  expect((await visit(ann.token)).status).toBe(401)
})

test("a session ended on this replica stops at once", async () => {
  const ann = await signIn(docket)
  expect((await visit(ann.token)).status).toBe(200)
  await end(ann)
  docket.dependencies.liveSessions.forget([ann.sessionId])
  expect((await visit(ann.token)).status).toBe(401)
})

test("a trusted session does not outlive its token", async () => {
  const ann = await signIn(docket)
  docket.passSeconds(15 * 60 - 2)
  expect((await visit(ann.token)).status).toBe(200)
  docket.passSeconds(2)
  expect((await visit(ann.token)).status).toBe(401)
})
