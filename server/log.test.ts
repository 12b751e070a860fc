import { describe, expect, test } from "bun:test"
import { Elysia, t } from "elysia"
import { frontDoor } from "./front-door.ts"
import { jsonBody } from "./json-body.ts"
import { createLog } from "./log.ts"
import { masked } from "./log-secrets.ts"
import { problemResponses } from "./problem-responses.ts"
import { version } from "./release.ts"
import { RouteTable } from "./route-table.ts"
import { testApp } from "./testing/app.ts"

/** A log that is kept: its lines as they were written. */
async function keptLog() {
  const lines: string[] = []
  const log = await createLog(
    { logLevel: "debug", environment: "test" },
    { write: (line) => lines.push(line) },
  )
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "null") }
}

describe("a request's line", () => {
  test("says what happened, under names that do not change", async () => {
    const { dependencies } = await testApp()
    const { log, last } = await keptLog()
    const { createApp } = await import("./app.ts")
    const app = createApp({ ...dependencies, log })
    const answer = await app.handle(new Request("http://localhost/api/todos/0190?token=hunter2-hunter2"))
    expect(last()).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: "info",
      name: "docket",
      release: version,
      message: "request",
      requestId: answer.headers.get("X-Request-Id"),
      method: "GET",
      route: "/api/todos/:id",
      status: answer.status,
      durationMs: expect.any(Number),
    })
  })
})

describe("secrets", () => {
  const PASSWORD = "correct horse battery staple"
  const TOKEN = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")
  const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkwIn0.c2lnbmF0dXJl"
  const EMAIL = "someone.private@example.org"

  test("of a request are in no line, whatever is thrown", async () => {
    const { dependencies } = await testApp()
    const { log, lines } = await keptLog()
    const routes = new RouteTable()
    const { sql } = dependencies
    type Sent = { password: string; email: string }
    const failures: ((sent: Sent) => unknown)[] = [
      ({ password, email }) => {
        throw new Error(`no account ${email} with ${password}`, { cause: new Error(`it was ${password}`) })
      },
      ({ password }) => sql`select ${password}::uuid`,
      ({ password }) => sql`select ${password}::int`,
      ({ password, email }) =>
        sql`insert into limits (bucket, arrival) values (${email}, ${password}::timestamptz)`,
      ({ email }) => sql`insert into limits (bucket, arrival) values (${email}, now()), (${email}, now())`,
      ({ password }) => sql.unsafe(`select * from ${JSON.stringify(password)}`),
      ({ password }) => {
        throw password
      },
      ({ password }) => ({ wrong: password }),
    ]
    const app = new Elysia()
      .wrap(frontDoor({ config: dependencies.config, log }))
      .use(problemResponses({ log }, routes))
      .use(jsonBody(routes))
    for (const [index, fail] of failures.entries()) {
      app.post(`/fail/${index}`, async ({ body }) => (await fail(body as Sent)) as never, {
        body: t.Object({ password: t.String(), email: t.String() }),
        response: t.Object({ nothing: t.String() }),
      })
    }
    routes.fill(app.routes)
    for (const index of failures.keys()) {
      const answer = await app.handle(
        new Request(`http://localhost/fail/${index}?token=${TOKEN}`, {
          method: "POST",
          body: JSON.stringify({ password: PASSWORD, email: EMAIL }),
          headers: {
            "Content-Type": "application/json",
            Authorization: `Bearer ${JWT}`,
            Cookie: `docket-refresh=${TOKEN}`,
          },
        }),
      )
      expect(answer.status).toBe(500)
      const told = await answer.text()
      for (const secret of [PASSWORD, TOKEN, JWT, EMAIL]) expect(told).not.toContain(secret)
    }
    expect(lines.filter((line) => line.includes('"level":"error"'))).toHaveLength(failures.length)
    for (const secret of [PASSWORD, TOKEN, JWT, EMAIL, "someone.private"])
      expect(lines.join("")).not.toContain(secret)
  })

  test("that anyone logs by mistake are masked", async () => {
    const { log, lines } = await keptLog()
    log.info(
      { to: EMAIL, header: `Bearer ${JWT}` },
      `sent to ${EMAIL} with https://docket.example.org/reset#${TOKEN}`,
    )
    log.error(
      {
        err: new Error(`cannot reach postgres://docket:${PASSWORD.replaceAll(" ", "-")}@db.internal/docket`),
      },
      "x",
    )
    log.error(new Error(`550 5.1.1 <${EMAIL}>: unknown`))
    const text = lines.join("")
    for (const secret of [JWT, TOKEN, EMAIL, "horse"]) expect(text).not.toContain(secret)
    expect(text).toContain("s***@example.org")
    expect(text).toContain("db.internal")
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })

  test("and what is none stays readable", () => {
    const id = Bun.randomUUIDv7()
    for (const plain of [
      id,
      "/api/todos/:id",
      "@elysiajs/cors",
      `file:///app/node_modules/@elysiajs/x.js:1:2`,
      "a @ b",
    ]) {
      expect(masked(plain)).toBe(plain)
    }
  })
})
