import { expect, test } from "bun:test"
import { Value } from "@sinclair/typebox/value"
import { LIMITS } from "../limits/limits.ts"
import { signIn, testApp } from "../testing/app.ts"
import { exhaust } from "../testing/people.ts"
import { exportAccount } from "./export.ts"
import { exportShape } from "./export-shape.ts"

const docket = await testApp()
const { sql } = docket.dependencies

const inboxOf = async (accountId: string) =>
  (await sql<[{ id: string }]>`select space_id as id from memberships where account_id = ${accountId}`)[0].id

/** Puts `count` todos into the list, as rows: what one request each would take too long for. */
const fill = (listId: string, count: number) => sql`
  insert into todos (id, list_id, title, position, creation_digest, rev)
  select uuidv7(), ${listId}, 'Todo ' || n, 'a' || n, '\\x', 1 from generate_series(1, ${count}) n`

test("all that is mine, as a file, and nothing of anyone else's", async () => {
  const [ann, ben] = [await signIn(docket), await signIn(docket)]
  await ben.request("POST", "/api/todos", { body: { title: "Ben's secret" } })
  const work = await (await ann.request("POST", "/api/lists", { body: { name: "Work" } })).json()
  const kept = await (
    await ann.request("POST", "/api/todos", {
      body: {
        title: 'Say "hello" \u2028 😀',
        notes: "two\nlines",
        listId: work.id,
        dueDate: "2026-02-28",
        priority: "high",
      },
    })
  ).json()
  const trashed = await (await ann.request("POST", "/api/todos", { body: { title: "In the trash" } })).json()
  await ann.request("DELETE", `/api/todos/${trashed.id}`)

  const answer = await ann.request("GET", "/api/me/export")
  expect(answer.status).toBe(200)
  expect(answer.headers.get("Content-Type")).toBe("application/json")
  expect(answer.headers.get("Content-Disposition")).toMatch(
    /^attachment; filename="docket-export-\d{4}-\d\d-\d\d\.json"$/,
  )
  const text = await answer.text()
  const file = JSON.parse(text)
  expect(Object.keys(file)).toEqual(["exportedAt", "account", "sessions", "memberships", "lists", "todos"])
  expect([...Value.Errors(exportShape, file)]).toEqual([])
  expect(file.account).toEqual(await (await ann.request("GET", "/api/me")).json())
  expect(file.sessions).toMatchObject([{ id: ann.sessionId, userAgent: "Test", address: "192.0.2.1" }])
  expect(file.lists.map((list: { name: string }) => list.name)).toEqual(["Inbox", "Work"])
  expect(file.memberships).toHaveLength(2)
  expect(file.todos).toHaveLength(2)
  expect(file.todos).toContainEqual(kept)
  expect(file.todos.find((todo: { id: string }) => todo.id === trashed.id).trashedAt).toBeString()
  expect(text).not.toContain("Ben")
  expect(text).not.toContain("not a hash")
})

test("more todos than are fetched at a time arrive, each once", async () => {
  const ann = await signIn(docket)
  await fill(await inboxOf(ann.accountId), 2345)
  const { todos } = await (await ann.request("GET", "/api/me/export")).json()
  expect(new Set(todos.map((todo: { title: string }) => todo.title)).size).toBe(2345)
  expect(todos).toHaveLength(2345)
})

test("an account with nothing in its lists", async () => {
  const ann = await signIn(docket)
  expect((await (await ann.request("GET", "/api/me/export")).json()).todos).toEqual([])
})

test("it is read in one snapshot, however slowly it is taken, and gives its connection back when it is not", async () => {
  const ann = await signIn(docket)
  const inbox = await inboxOf(ann.accountId)
  await fill(inbox, 3000)
  const { body, done } = await exportAccount(sql, ann.accountId)
  const reader = body.getReader()
  await reader.read()
  await fill(inbox, 5)
  await reader.cancel()
  await done
  const open = await sql`
    select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`
  expect(open).toHaveLength(0)
})

test("asked for its headers alone, nothing is read, nor counted", async () => {
  const ann = await signIn(docket)
  for (let n = 0; n < LIMITS.exports.burst + 1; n += 1) {
    const answer = await ann.request("HEAD", "/api/me/export")
    expect(answer.status).toBe(200)
    expect(answer.headers.get("Content-Disposition")).toStartWith("attachment")
    expect(await answer.text()).toBe("")
  }
})

test("exports are limited", async () => {
  const ann = await signIn(docket)
  await exhaust(docket, LIMITS.exports, ann.accountId)
  expect((await ann.request("GET", "/api/me/export")).status).toBe(429)
})

test("without a session there is nothing to export", async () => {
  expect((await docket.request("GET", "/api/me/export")).status).toBe(401)
})
