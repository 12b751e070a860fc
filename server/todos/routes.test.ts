import { describe, expect, test } from "bun:test"
import type { List } from "../lists/shapes.ts"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import type { Todo } from "./shapes.ts"

const app = await testApp()
const someone = await signIn(app)
const stranger = await signIn(app)

async function create(request: SignedIn["request"], body: Record<string, unknown> = {}): Promise<Todo> {
  const response = await request("POST", "/api/todos", { body: { title: "Water the fern", ...body } })
  expect(response.status).toBe(201)
  return response.json()
}

async function createList(request: SignedIn["request"], name = "Garden"): Promise<List> {
  return (await request("POST", "/api/lists", { body: { name } })).json()
}

/** The status and the slug of the problem, and the first fault's path and code if there is one. */
async function problem(response: Response) {
  const { type, errors } = (await response.json()) as {
    type: string
    errors?: { path: string; code: string }[]
  }
  const fault = errors?.[0] ? ` ${errors[0].path} ${errors[0].code}` : ""
  return `${response.status} ${type.replace("urn:docket:problem:", "")}${fault}`
}

test("a todo's life: created in the Inbox, read, changed, completed, opened, trashed, restored", async () => {
  const { request } = await signIn(app)
  const created = await request("POST", "/api/todos", { body: { title: "  Water the fern  " } })
  expect(created.status).toBe(201)
  const todo: Todo = await created.json()
  expect(todo).toMatchObject({ title: "Water the fern", notes: "", priority: "none", dueDate: null, rev: 2 })
  expect(created.headers.get("etag")).toBe('"2"')
  const path = `/api/todos/${todo.id}`
  const changed = await request("PATCH", path, { body: { dueDate: "2028-02-29", priority: "high" } })
  expect(await changed.json()).toMatchObject({ dueDate: "2028-02-29", priority: "high", rev: 3 })
  const completed: Todo = await (await request("PUT", `${path}/completion`)).json()
  expect(completed.completedAt).toBeString()
  expect(await (await request("PUT", `${path}/completion`)).json()).toEqual(completed)
  expect(await (await request("DELETE", `${path}/completion`)).json()).toMatchObject({ completedAt: null })
  expect((await request("DELETE", path)).status).toBe(204)
  expect((await request("DELETE", path)).status).toBe(204)
  expect(await (await request("GET", "/api/todos")).json()).toEqual({ items: [], nextCursor: null })
  expect(await (await request("GET", "/api/todos?trashed=true")).json()).toMatchObject({
    items: [{ id: todo.id }],
  })
  const restored: Todo = await (await request("PUT", `${path}/restoration`)).json()
  expect(restored).toMatchObject({ trashedAt: null, priority: "high" })
  expect(await (await request("GET", "/api/todos")).json()).toEqual({ items: [restored], nextCursor: null })
  expect(await (await request("GET", path)).json()).toEqual(restored)
})

describe("another person's todo is not found", () => {
  for (const [method, suffix, body] of [
    ["GET", ""],
    ["PATCH", "", { title: "Mine now" }],
    ["DELETE", ""],
    ["PUT", "/completion"],
    ["DELETE", "/completion"],
    ["PUT", "/restoration"],
  ] as const)
    test(`${method} ${suffix}`, async () => {
      const todo = await create(someone.request)
      const response = await stranger.request(method, `/api/todos/${todo.id}${suffix}`, { body })
      expect(await problem(response)).toBe("404 not-found")
      expect(await (await someone.request("GET", `/api/todos/${todo.id}`)).json()).toEqual(todo)
    })

  test("nor their list, to read, to create in, or to move to", async () => {
    const list = await createList(someone.request)
    const own = await create(stranger.request)
    expect(await problem(await stranger.request("GET", `/api/todos?listId=${list.id}`))).toBe("404 not-found")
    const body = { title: "Mine", listId: list.id }
    expect(await problem(await stranger.request("POST", "/api/todos", { body }))).toBe("404 not-found")
    const move = await stranger.request("PATCH", `/api/todos/${own.id}`, { body: { listId: list.id } })
    expect(await problem(move)).toBe("404 not-found")
    expect(await (await stranger.request("GET", `/api/todos/${own.id}`)).json()).toEqual(own)
  })
})

test("a member who may only read is told so, and changes nothing", async () => {
  const todo = await create(someone.request)
  const reader = await signIn(app)
  await app.dependencies.sql`
    insert into memberships (space_id, account_id, role, position, rev)
    values (${todo.listId}, ${reader.accountId}, 'viewer', 'a5', 1)`
  expect((await reader.request("GET", `/api/todos/${todo.id}`)).status).toBe(200)
  const change = await reader.request("PATCH", `/api/todos/${todo.id}`, { body: { title: "No" } })
  expect(await problem(change)).toBe("403 read-only")
  const creation = await reader.request("POST", "/api/todos", { body: { title: "No", listId: todo.listId } })
  expect(await problem(creation)).toBe("403 read-only")
  await app.dependencies
    .sql`delete from memberships where account_id = ${reader.accountId} and role = 'viewer'`
})

describe("creating with an id", () => {
  const body = () => ({ id: Bun.randomUUIDv7(), title: "Once", priority: "low" })

  test("again with the same body answers the todo as it is now", async () => {
    const same = body()
    const todo = await create(someone.request, same)
    await someone.request("PUT", `/api/todos/${todo.id}/completion`)
    const again = await someone.request("POST", "/api/todos", {
      body: { priority: "low", title: "Once", id: same.id },
    })
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ id: todo.id, completedAt: expect.any(String) })
  })

  test("again with another body is a conflict", async () => {
    const same = body()
    await create(someone.request, same)
    const other = await someone.request("POST", "/api/todos", { body: { ...same, title: "Twice" } })
    expect(await problem(other)).toBe("409 id-taken")
  })

  test("of someone else's todo, with the same body or not, is the same conflict", async () => {
    const same = body()
    await create(someone.request, same)
    const answers = await Promise.all(
      [same, { ...same, title: "Other" }].map(async (body) => {
        const { requestId: _, ...rest } = await (
          await stranger.request("POST", "/api/todos", { body })
        ).json()
        return rest
      }),
    )
    const own = body()
    await create(stranger.request, own)
    const { requestId: _, ...known } = await (
      await stranger.request("POST", "/api/todos", { body: { ...own, title: "Other" } })
    ).json()
    expect(answers).toEqual([known, known])
  })

  test("ten times at once makes one todo, and counts one", async () => {
    const { request } = await signIn(app)
    const same = body()
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => request("POST", "/api/todos", { body: same })),
    )
    expect(responses.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201])
    const todo: Todo = await (await request("GET", `/api/todos/${same.id}`)).json()
    const [space] = await app.dependencies.sql`select size from spaces where id = ${todo.listId}`
    expect(space).toEqual({ size: 1 })
  })

  test("by two people at once makes one todo", async () => {
    const same = body()
    const responses = await Promise.all(
      [someone, stranger].map(({ request }) => request("POST", "/api/todos", { body: same })),
    )
    expect(responses.map(({ status }) => status).sort()).toEqual([201, 409])
  })
})

describe("moving to another list", () => {
  test("raises both revs, to one above all, and leaves a tombstone behind", async () => {
    const { sql } = app.dependencies
    const list = await createList(someone.request)
    const todo = await create(someone.request)
    const revs = async () =>
      Object.fromEntries(
        (
          await sql<{ id: string; rev: number }[]>`
          select id, rev from spaces where id in ${sql([list.id, todo.listId])}`
        ).map(({ id, rev }) => [id, rev]),
      )
    const before = await revs()
    const moved: Todo = await (
      await someone.request("PATCH", `/api/todos/${todo.id}`, { body: { listId: list.id } })
    ).json()
    expect(moved).toMatchObject({ listId: list.id, title: todo.title, position: "a0" })
    expect(moved.rev).toBe(Math.max(...Object.values(before)) + 1)
    expect(await revs()).toEqual({ [list.id]: moved.rev, [todo.listId]: moved.rev })
    const tombstones = () => sql`select space_id, rev from tombstones where row_id = ${todo.id}`
    expect([...(await tombstones())]).toEqual([{ spaceId: todo.listId, rev: moved.rev }])

    const back: Todo = await (
      await someone.request("PATCH", `/api/todos/${todo.id}`, { body: { listId: todo.listId } })
    ).json()
    expect(back.rev).toBe(moved.rev + 1)
    expect([...(await tombstones())]).toEqual([{ spaceId: list.id, rev: back.rev }])
  })

  test("back and forth at once never locks up, and ends where the last one said", async () => {
    const { request } = await signIn(app)
    const list = await createList(request)
    const todos = await Promise.all([1, 2, 3, 4].map(() => create(request)))
    const moves = todos.flatMap((todo) =>
      [list.id, todo.listId, list.id].map((listId) =>
        request("PATCH", `/api/todos/${todo.id}`, { body: { listId } }),
      ),
    )
    expect((await Promise.all(moves)).map(({ status }) => status)).toEqual(Array(12).fill(200))
    const sizes = await app.dependencies.sql`
      select spaces.size - (select count(*) from todos where list_id = spaces.id) as drift
      from spaces where id in ${app.dependencies.sql([list.id, todos[0]!.listId])}`
    expect(sizes.map(({ drift }) => Number(drift))).toEqual([0, 0])
  })
})

describe("what is in a trashed list", () => {
  test("is out of sight but in the trash, and cannot be changed until the list is back", async () => {
    const { request } = await signIn(app)
    const list = await createList(request)
    const todo = await create(request, { listId: list.id })
    const path = `/api/todos/${todo.id}`
    await request("DELETE", `/api/lists/${list.id}`)
    expect(await (await request("GET", "/api/todos")).json()).toMatchObject({ items: [] })
    expect(await (await request("GET", `/api/todos?listId=${list.id}`)).json()).toMatchObject({ items: [] })
    const inTrash = await (await request("GET", "/api/todos?trashed=true")).json()
    expect(inTrash).toMatchObject({ items: [{ id: todo.id, trashedAt: null }] })
    for (const [method, at, body] of [
      ["PATCH", path, { title: "No" }],
      ["DELETE", path],
      ["PUT", `${path}/completion`],
      ["PUT", `${path}/restoration`],
      ["POST", "/api/todos", { title: "No", listId: list.id }],
    ] as const)
      expect(await problem(await request(method, at, { body }))).toBe("409 list-is-trashed")
    await request("PUT", `/api/lists/${list.id}/restoration`)
    expect(await (await request("GET", `/api/todos?listId=${list.id}`)).json()).toMatchObject({
      items: [todo],
    })
  })

  test("of an archived list is listed only by the list's id, and may be changed", async () => {
    const { request } = await signIn(app)
    const list = await createList(request)
    const todo = await create(request, { listId: list.id })
    await request("PUT", `/api/lists/${list.id}/archival`)
    expect(await (await request("GET", "/api/todos")).json()).toMatchObject({ items: [] })
    expect(await (await request("GET", `/api/todos?listId=${list.id}`)).json()).toMatchObject({
      items: [{ id: todo.id }],
    })
    expect((await request("PUT", `/api/todos/${todo.id}/completion`)).status).toBe(200)
  })
})

describe("If-Match", () => {
  test("lets a change through only while the todo is the one that was read", async () => {
    const todo = await create(someone.request)
    const path = `/api/todos/${todo.id}`
    const change = (ifMatch: string) =>
      someone.request("PATCH", path, { body: { title: "Mine" }, headers: { "If-Match": ifMatch } })
    expect(await problem(await change(`"${todo.rev - 1}"`))).toBe("412 precondition-failed")
    expect(await problem(await change(`W/"${todo.rev}"`))).toBe("412 precondition-failed")
    const changed = await change(`"7777", "${todo.rev}"`)
    expect(changed.status).toBe(200)
    const headers = { "If-Match": `"${todo.rev}"` }
    expect(await problem(await someone.request("DELETE", path, { headers }))).toBe("412 precondition-failed")
    const current = { "If-Match": changed.headers.get("etag")! }
    expect((await someone.request("DELETE", path, { headers: current })).status).toBe(204)
    expect((await change("*")).status).toBe(200)
  })
})

describe("text", () => {
  test("counts characters, not UTF-16 units, and is composed", async () => {
    expect((await create(someone.request, { title: "🌱".repeat(500) })).title).toBe("🌱".repeat(500))
    expect((await create(someone.request, { title: "Cafe\u0301" })).title).toBe("Caf\u00e9")
    expect((await create(someone.request, { title: "two\nlines" })).title).toBe("two lines")
    expect((await create(someone.request, { notes: "two\r\nlines" })).notes).toBe("two\nlines")
  })

  for (const [fault, body, answer] of [
    ["a title of 501 characters", { title: "🌱".repeat(501) }, "/title too-long"],
    ["a title of white space", { title: " \n\u00a0" }, "/title too-short"],
    ["no title", {}, "/title required"],
    ["notes of 20,001 characters", { title: "x", notes: "x".repeat(20_001) }, "/notes too-long"],
    ["the 30th of February", { title: "x", dueDate: "2026-02-30" }, "/dueDate not-a-date"],
    ["the 29th of February of a common year", { title: "x", dueDate: "2027-02-29" }, "/dueDate not-a-date"],
    ["the year 0", { title: "x", dueDate: "0000-01-01" }, "/dueDate not-a-date"],
    ["a moment for a date", { title: "x", dueDate: "2026-01-01T00:00:00Z" }, "/dueDate not-a-date"],
    ["another priority", { title: "x", priority: "urgent" }, "/priority not-one-of"],
    ["a UUID that is not of version 7", { title: "x", id: crypto.randomUUID() }, "/id not-a-uuid"],
    ["a list id that is none", { title: "x", listId: "inbox" }, "/listId not-a-uuid"],
    ["a position that is none", { title: "x", position: "a0!" }, "/position not-an-order"],
    ["an unknown member", { title: "x", done: true }, "/done unknown-member"],
    ["NUL", { title: "x\0" }, "/title not-text"],
    ["a lone surrogate", { title: "x\ud800" }, "/title not-text"],
  ] as const)
    test(`${fault} is refused`, async () => {
      const response = await someone.request("POST", "/api/todos", { body })
      expect(await problem(response)).toBe(`400 invalid-input ${answer}`)
    })
})

test("an id in upper case is the same id", async () => {
  const list = await createList(someone.request)
  const todo = await create(someone.request, { listId: list.id.toUpperCase() })
  expect(todo.listId).toBe(list.id)
  const other = await createList(someone.request)
  const moved = await someone.request("PATCH", `/api/todos/${todo.id.toUpperCase()}`, {
    body: { listId: other.id.toUpperCase() },
  })
  expect(await moved.json()).toMatchObject({ id: todo.id, listId: other.id })
})

test("a change that says nothing is refused", async () => {
  const todo = await create(someone.request)
  const response = await someone.request("PATCH", `/api/todos/${todo.id}`, { body: {} })
  expect(await problem(response)).toStartWith("400 invalid-input")
})

test("positions that grew long are given out anew, in the same order", async () => {
  const { request } = await signIn(app)
  const todos = [await create(request), await create(request), await create(request), await create(request)]
  const [first, second, third, last] = todos as [Todo, Todo, Todo, Todo]
  // As if hundreds of todos had been put right after the first.
  const long = `${first.position}${"0".repeat(110)}`
  const { sql } = app.dependencies
  await sql`update todos set position = ${`${long}1`} where id = ${second.id}`
  await sql`update todos set position = ${`${long}3`} where id = ${third.id}`
  const between = await create(request, { position: `${long}2` })
  const { items } = (await (await request("GET", "/api/todos")).json()) as { items: Todo[] }
  expect(items.map(({ id }) => id)).toEqual([first.id, second.id, between.id, third.id, last.id])
  expect(Math.max(...items.map(({ position }) => position.length))).toBeLessThan(10)
  expect(items[2]).toEqual(between)
  expect([second, third].map(({ id }) => items.find((item) => item.id === id)!.rev)).toEqual([
    between.rev,
    between.rev,
  ])
})

test("a list that is full takes no more", async () => {
  const { request } = await signIn(app)
  const { listId } = await create(request)
  await app.dependencies.sql`update spaces set size = 100000 where id = ${listId}`
  expect(await problem(await request("POST", "/api/todos", { body: { title: "One more" } }))).toBe(
    "409 list-is-full",
  )
})
