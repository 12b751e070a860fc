import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { cp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as release from "../release.ts"
import { testApp } from "../testing/app.ts"
import { connect } from "./connect.ts"
import { migrate } from "./migrate.ts"
import { readMigrations } from "./migrations.ts"

/** What databases of former releases held, one file for each release that brought something to hold. */
const ROWS = join(import.meta.dir, "../testing/rows")

const app = await testApp()
const upTo = mkdtempSync(join(tmpdir(), "docket-upgrade-"))
afterAll(() => rmSync(upTo, { recursive: true }))

/** Begins again at release 1, and goes through every release there was, with the rows that each would have left. */
async function upgradeFromTheFirst() {
  const { databaseUrl } = app.dependencies.config
  const sql = connect(databaseUrl, { max: 1, statementTimeout: 0 })
  await sql`drop schema public cascade`
  await sql`drop schema pgboss cascade`
  await sql`create schema public`
  for (const { name } of await readMigrations(release.migrations)) {
    await cp(join(release.migrations, name), join(upTo, name))
    expect((await migrate(sql, upTo)).applied).toEqual([name])
    const rows = join(ROWS, name)
    if (existsSync(rows)) await sql.unsafe(await Bun.file(rows).text())
  }
  await sql.end()
}

test("a database of the first release is upgraded with all it holds, and serves it", async () => {
  await upgradeFromTheFirst()

  const signedIn = await app.request("POST", "/api/sessions", {
    body: { email: "ada@example.org", password: "correct horse battery staple" },
  })
  expect(signedIn.status).toBe(201)
  const { accessToken: token, me } = await signedIn.json()
  expect(me).toMatchObject({
    email: "ada@example.org",
    name: "Ada Łovelace",
    language: "fr",
    timeZone: "Europe/Paris",
    theme: "dark",
  })

  const get = async (path: string) => (await app.request("GET", path, { token })).json()
  expect((await get("/api/lists")).items).toMatchObject([
    { name: "Inbox", isInbox: true },
    { name: "Crème brûlée", colour: "green" },
  ])
  const [list, todos] = ["01980000-0000-7000-8000-000000000012", "/api/todos?listId="]
  expect((await get(`${todos}${list}&completed=false`)).items).toMatchObject([
    {
      title: "Caramelise the sugar",
      notes: "Slowly.\nNot black.",
      priority: "high",
      dueDate: "2028-02-29",
      createdAt: "2026-01-31T12:00:00.123Z",
    },
  ])
  expect((await get(`${todos}${list}&completed=true`)).items).toMatchObject([
    { title: "Buy eggs 🥚", completedAt: "2026-02-01T08:00:00.000Z" },
  ])
  expect((await get(`${todos}${list}&text=creme`)).items).toEqual([])
  expect((await get(`${todos}${list}&text=SLOWLY`)).items).toHaveLength(1)
})

test("a browser that was signed in before it still is", async () => {
  const token = Buffer.concat([
    Buffer.from("0198000000007000800000000000000e", "hex"),
    Buffer.alloc(16, 7),
    Buffer.alloc(32, 9),
  ]).toString("base64url")
  const renewed = await app.request("POST", "/api/sessions/current/refresh", {
    headers: { Cookie: `docket-refresh=${token}`, Origin: "http://localhost:8000" },
  })
  expect(renewed.status).toBe(200)
  expect((await renewed.json()).me.email).toBe("ada@example.org")
})

test("what is written now stands beside it", async () => {
  const body = { email: "ada@example.org", password: "correct horse battery staple" }
  const { accessToken: token } = await (await app.request("POST", "/api/sessions", { body })).json()
  const listId = "01980000-0000-7000-8000-000000000012"
  const created = await app.request("POST", "/api/todos", { token, body: { listId, title: "Serve" } })
  expect(created.status).toBe(201)
  const done = await app.request("PUT", "/api/todos/01980000-0000-7000-8000-000000000021/completion", {
    token,
  })
  expect(done.status).toBe(200)
})

test("every release's rows are still those of a migration", async () => {
  const names = (await readMigrations(release.migrations)).map(({ name }) => name)
  for (const file of new Bun.Glob("*.sql").scanSync(ROWS)) expect(names).toContain(file)
})
