import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type SignedIn, testApp } from "../../server/testing/app.ts"
import { newDevice } from "../../server/testing/device.ts"
import { trySignIn } from "../../server/testing/people.ts"
import type { Refusal } from "../refusal.ts"
import { HASHES, makeSource, PASSWORD } from "./made-up-source.ts"
import { runImport, type Wanted } from "./run.ts"

const TASKS = 2000
const docket = await testApp()
const { sql } = docket.dependencies
const folder = await mkdtemp(join(tmpdir(), "docket-import-test-"))
afterAll(() => rm(folder, { recursive: true }))

const file = join(folder, "tasks.db")
const map = `${import.meta.dir}/maps/organisations.toml`
makeSource(file, { people: 50, organisations: 20, tasks: TASKS }).close()

const run = (mode: Wanted["mode"] = "import", wanted: Partial<Wanted> = {}) =>
  runImport({ file, map, mode, databaseUrl: () => docket.dependencies.config.databaseUrl, ...wanted })

const noDatabase = () => {
  throw new Error("it asked for the database")
}

const counts = async () => {
  const [row] = await sql`
    select (select count(*)::integer from accounts) as accounts, (select count(*)::integer from lists) as lists,
      (select count(*)::integer from memberships) as memberships, (select count(*)::integer from todos) as todos,
      (select count(*)::integer from spaces) as spaces`
  return row
}
const NOTHING = { accounts: 0, lists: 0, memberships: 0, todos: 0, spaces: 0 }
const ALL = { accounts: 50, lists: 70, memberships: 110, todos: TASKS, spaces: 120 }

test("a dry run says what would be, and needs no database", async () => {
  const report = await run("dry-run", { databaseUrl: noDatabase })
  expect(report).toMatchObject({ state: "checked", targets: ALL, faults: [] })
  expect(report.unmapped).toEqual([{ table: "users", column: "theme_colour", rows: 50 }])
  expect(report.samples.filter(({ table }) => table === "todos")).toHaveLength(3)
})

test("a rehearsal proves everything and leaves nothing", async () => {
  const report = await run("rehearse")
  expect(report.state).toBe("rehearsed")
  expect(report.checks.length).toBeGreaterThan(20)
  expect(report.checks.every(({ holds }) => holds)).toBe(true)
  expect(await counts()).toEqual(NOTHING)
})

test("what PostgreSQL changed is found, and nothing is kept", async () => {
  await sql.unsafe(`
    create function spoil() returns trigger language plpgsql as $$
      begin new.title := replace(new.title, 'fern', 'palm'); return new; end $$;
    create trigger spoil before insert on todos for each row execute function spoil()`)
  const refusal = await refusalOf(run())
  expect(refusal).toMatchObject({ code: 1 })
  expect(refusal.message).toContain("todos, hash of all rows")
  expect(await counts()).toEqual(NOTHING)
  await sql.unsafe("drop trigger spoil on todos; drop function spoil()")
})

test("a fault of the database half way keeps nothing", async () => {
  await sql.unsafe(`
    create function fail() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create trigger fail before insert on todos for each row when (new.rev = 50) execute function fail()`)
  const refusal = await refusalOf(run())
  expect(refusal).toMatchObject({ code: 1 })
  expect(refusal.message).toContain("Nothing was imported.")
  expect(await counts()).toEqual(NOTHING)
  await sql.unsafe("drop trigger fail on todos; drop function fail()")
})

test("an import brings everything, and again finds it there", async () => {
  expect(await run()).toMatchObject({ state: "imported", rows: ALL })
  expect(await counts()).toMatchObject(ALL)
  expect(await run()).toMatchObject({ state: "there" })
  expect(await counts()).toMatchObject(ALL)
})

test("texts and moments are what they were", async () => {
  const [todo] = await sql`
    select title, notes, created_at, updated_at, completed_at, priority, due_date from todos
    where title like '给妈妈打电话 42'`
  expect(todo).toEqual({
    title: "给妈妈打电话 42",
    notes: "First line\nand \\N a second",
    createdAt: "2024-01-01T09:14:00.000Z",
    updatedAt: "2024-01-01T09:14:10.000Z",
    completedAt: "2024-01-01T09:14:05.000Z",
    priority: "medium",
    dueDate: "2026-05-01",
  })
})

test("people sign in with the passwords that they had, and their hashes are today's from then on", async () => {
  for (const [index] of HASHES.entries()) {
    const email = `someone${HASHES.length + index}@example.org`
    const address = `198.18.200.${index}`
    expect((await trySignIn(docket, { email, password: `${PASSWORD}!`, address })).status).toBe(401)
    expect((await trySignIn(docket, { email, password: PASSWORD, address })).status).toBe(201)
    const [account] = await sql`select password_hash from accounts where email = ${email}`
    expect(account?.passwordHash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
  }
  // Nothing of the source is lost by it.
  expect(await run()).toMatchObject({ state: "there" })
})

test("an imported person lists, edits and syncs like anyone", async () => {
  const person = await signedIn("someone20@example.org")
  const { items } = (await (await person.request("GET", "/api/lists")).json()) as { items: List[] }
  expect(items.map(({ name, role }) => [name, role])).toEqual([
    ["Inbox", "owner"],
    ["Organisation 18", "viewer"],
    ["Organisation 19", "editor"],
    ["Organisation 20", "owner"],
  ])
  const device = newDevice(person)
  await device.read()
  const held = [...device.rows.todo.values()]
  expect(held).toHaveLength(await todosOf(person.accountId))
  const mine = held.find(({ listId }) => listId === items[3]!.id)!
  const edited = await person.request("PATCH", `/api/todos/${mine.id}`, { body: { title: "Edited" } })
  expect(await edited.json()).toMatchObject({ title: "Edited" })
  const created = await person.request("POST", "/api/todos", { body: { title: "New", listId: items[3]!.id } })
  expect(created.status).toBe(201)
  const answer = await device.send([
    { entity: "todo", key: mine.id, fields: { completedAt: new Date().toISOString() } },
  ])
  expect(answer.acks.map(({ problem }) => problem)).toEqual([undefined])
  await device.read()
  expect(device.rows.todo.get(mine.id)).toMatchObject({ title: "Edited" })
  expect([...device.rows.todo.values()].some(({ title }) => title === "New")).toBe(true)
})

test("what is not the same any more is named, and not overwritten", async () => {
  const refusal = await refusalOf(run())
  expect(refusal).toMatchObject({ code: 3 })
  expect(refusal.message).toContain("todos: 0 are new and 1 are not what they are in Docket: tasks row")
})

test("twenty thousand todos, in lists of thousands", async () => {
  const [larger, other] = [join(folder, "larger.db"), join(folder, "larger.toml")]
  makeSource(larger, { people: 3, organisations: 4, tasks: 20_000 }).close()
  const text = (await Bun.file(map).text()).replace('"tasks.example.org"', '"larger.example.org"')
  await Bun.write(other, text.replace('email = "email"', 'email = "address"'))
  const database = new Database(larger)
  database.run("alter table users add column address text")
  database.run("update users set address = 'larger-' || email")
  database.close()
  const report = await run("import", { file: larger, map: other })
  expect(report).toMatchObject({ state: "imported", targets: { todos: 20_000 } })
  const person = await signedIn("larger-someone2@example.org")
  const device = newDevice(person)
  await device.read()
  expect(device.rows.todo.size).toBe(await todosOf(person.accountId))
  expect(device.rows.todo.size).toBeGreaterThan(10_000)
})

test("an address that someone else has is named by its row", async () => {
  const other = join(folder, "other.toml")
  await Bun.write(other, (await Bun.file(map).text()).replace("tasks.example.org", "other.example.org"))
  const refusal = await refusalOf(run("import", { map: other }))
  expect(refusal).toMatchObject({ code: 3 })
  expect(refusal.message).toContain(
    "50 addresses have accounts in Docket that this import did not make: users row 1,",
  )
  expect(refusal.message).not.toContain("@")
})

type List = { id: string; name: string; role: string }

async function signedIn(email: string): Promise<SignedIn> {
  const answer = await trySignIn(docket, { email, password: PASSWORD, address: "198.18.201.1" })
  const { accessToken, me } = (await answer.json()) as { accessToken: string; me: { id: string } }
  const request: SignedIn["request"] = (method, path, options) =>
    docket.request(method, path, { token: accessToken, ...options })
  return { accountId: me.id, sessionId: "", token: accessToken, request }
}

async function todosOf(accountId: string): Promise<number> {
  const [row] = await sql<[{ count: number }]>`
    select count(*)::integer from todos join memberships on space_id = list_id where account_id = ${accountId}`
  return row.count
}

async function refusalOf(running: Promise<unknown>): Promise<Refusal> {
  try {
    await running
  } catch (error) {
    return error as Refusal
  }
  throw new Error("it was not refused")
}
