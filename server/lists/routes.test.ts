import { describe, expect, test } from "bun:test"
import { type SignedIn, signIn, testApp } from "../testing/app.ts"
import type { List } from "./shapes.ts"

const app = await testApp()
const someone = await signIn(app)
const stranger = await signIn(app)

type Page = { items: List[]; nextCursor: string | null }

async function create(request: SignedIn["request"], body: Record<string, unknown> = {}): Promise<List> {
  const response = await request("POST", "/api/lists", { body: { name: "Garden", ...body } })
  expect(response.status).toBe(201)
  return response.json()
}

const page = async (request: SignedIn["request"], query = ""): Promise<Page> =>
  (await request("GET", `/api/lists${query}`)).json()

async function problem(response: Response) {
  const { type, errors } = (await response.json()) as {
    type: string
    errors?: { path: string; code: string }[]
  }
  const fault = errors?.[0] ? ` ${errors[0].path} ${errors[0].code}` : ""
  return `${response.status} ${type.replace("urn:docket:problem:", "")}${fault}`
}

test("a list's life: created after the Inbox, changed, archived, trashed with its todos, and back", async () => {
  const { request } = await signIn(app)
  const list = await create(request, { name: " Garden ", colour: "green" })
  expect(list).toMatchObject({ name: "Garden", colour: "green", isInbox: false, role: "owner", rev: 1 })
  const path = `/api/lists/${list.id}`
  expect((await page(request)).items.map(({ name }) => name)).toEqual(["Inbox", "Garden"])
  const changed = await request("PATCH", path, { body: { name: "Yard", position: "Zz" } })
  expect(await changed.json()).toMatchObject({ name: "Yard", position: "Zz", colour: "green", rev: 2 })
  expect(changed.headers.get("etag")).toBe('"2"')
  expect((await page(request)).items.map(({ name }) => name)).toEqual(["Yard", "Inbox"])

  const archived: List = await (await request("PUT", `${path}/archival`)).json()
  expect(archived.archivedAt).toBeString()
  expect(await (await request("PUT", `${path}/archival`)).json()).toEqual(archived)
  expect((await page(request, "?archived=true")).items.map(({ name }) => name)).toEqual(["Yard"])
  expect((await page(request, "?archived=false")).items.map(({ name }) => name)).toEqual(["Inbox"])
  expect(await (await request("DELETE", `${path}/archival`)).json()).toMatchObject({ archivedAt: null })

  const todo = (await (
    await request("POST", "/api/todos", { body: { title: "Rake", listId: list.id } })
  ).json()) as { id: string }
  expect((await request("DELETE", path)).status).toBe(204)
  expect((await page(request)).items.map(({ name }) => name)).toEqual(["Inbox"])
  expect((await page(request, "?trashed=true")).items.map(({ name }) => name)).toEqual(["Yard"])
  expect(await (await request("PUT", `${path}/restoration`)).json()).toMatchObject({ trashedAt: null })
  const todos = await (await request("GET", `/api/todos?listId=${list.id}`)).json()
  expect(todos).toMatchObject({ items: [{ id: todo.id, trashedAt: null }] })
})

describe("another person's list is not found", () => {
  for (const [method, suffix, body] of [
    ["GET", ""],
    ["PATCH", "", { name: "Mine now" }],
    ["DELETE", ""],
    ["PUT", "/archival"],
    ["DELETE", "/archival"],
    ["PUT", "/restoration"],
  ] as const)
    test(`${method} ${suffix}`, async () => {
      const list = await create(someone.request)
      const response = await stranger.request(method, `/api/lists/${list.id}${suffix}`, { body })
      expect(await problem(response)).toBe("404 not-found")
      expect(await (await someone.request("GET", `/api/lists/${list.id}`)).json()).toEqual(list)
    })
})

describe("the Inbox", () => {
  test("can be neither deleted nor archived, but renamed", async () => {
    const { request } = await signIn(app)
    const inbox = (await page(request)).items[0]!
    const path = `/api/lists/${inbox.id}`
    expect(inbox.isInbox).toBe(true)
    expect(await problem(await request("DELETE", path))).toBe("409 inbox-is-permanent")
    expect(await problem(await request("PUT", `${path}/archival`))).toBe("409 inbox-is-permanent")
    const renamed = await request("PATCH", path, { body: { name: "Everything" } })
    expect(await renamed.json()).toMatchObject({ name: "Everything", isInbox: true, rev: inbox.rev + 1 })
  })
})

describe("creating with an id", () => {
  test("again with the same body answers the list as it is now, with another a conflict", async () => {
    const body = { id: Bun.randomUUIDv7(), name: "Once" }
    const list = await create(someone.request, body)
    const again = await someone.request("POST", "/api/lists", { body })
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(list)
    const other = await someone.request("POST", "/api/lists", { body: { ...body, name: "Twice" } })
    expect(await problem(other)).toBe("409 id-taken")
    expect(await problem(await stranger.request("POST", "/api/lists", { body }))).toBe("409 id-taken")
  })

  test("that an account has is a conflict like any other", async () => {
    const body = { id: someone.accountId, name: "Me" }
    expect(await problem(await stranger.request("POST", "/api/lists", { body }))).toBe("409 id-taken")
  })

  test("ten times at once makes one list", async () => {
    const body = { id: Bun.randomUUIDv7(), name: "Once" }
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => someone.request("POST", "/api/lists", { body })),
    )
    expect(responses.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201])
  })
})

test("lists made at once each get a place of their own", async () => {
  const { request } = await signIn(app)
  await Promise.all(Array.from({ length: 8 }, () => create(request)))
  const positions = (await page(request)).items.map(({ position }) => position)
  expect(new Set(positions).size).toBe(9)
  expect(positions).toEqual(positions.toSorted((one, other) => (one < other ? -1 : 1)))
})

test("pages go through all lists in their order", async () => {
  const { request } = await signIn(app)
  for (let n = 0; n < 5; n++) await create(request, { name: `${n}` })
  const names: string[] = []
  let cursor: string | null = null
  do {
    const { items, nextCursor }: Page = await page(request, `?limit=2${cursor ? `&cursor=${cursor}` : ""}`)
    names.push(...items.map(({ name }) => name))
    cursor = nextCursor
  } while (cursor)
  expect(names).toEqual(["Inbox", "0", "1", "2", "3", "4"])
  const { nextCursor } = await page(request, "?limit=2")
  const other = await request("GET", `/api/lists?limit=2&archived=false&cursor=${nextCursor}`)
  expect(await problem(other)).toBe("400 invalid-input /cursor not-a-cursor")
})

test("If-Match refuses a change of what has changed since", async () => {
  const list = await create(someone.request)
  const path = `/api/lists/${list.id}`
  const headers = { "If-Match": '"1"' }
  expect((await someone.request("PATCH", path, { body: { colour: "red" }, headers })).status).toBe(200)
  const late = await someone.request("PATCH", path, { body: { colour: "blue" }, headers })
  expect(await problem(late)).toBe("412 precondition-failed")
  expect(await problem(await someone.request("DELETE", path, { headers }))).toBe("412 precondition-failed")
})

test("an account has a thousand lists and no more", async () => {
  const { request, accountId } = await signIn(app)
  await app.dependencies.sql`
    with space as (insert into spaces (id, kind) select uuidv7(), 'list' from generate_series(1, 999) returning id),
      list as (insert into lists (id, name, creation_digest, rev) select id, 'One of many', '\\x', 0 from space)
    insert into memberships (space_id, account_id, role, position, rev) select id, ${accountId}, 'owner', 'a1', 0 from space`
  expect(await problem(await request("POST", "/api/lists", { body: { name: "One more" } }))).toBe(
    "409 too-many-lists",
  )
})

describe("a list is refused with", () => {
  for (const [fault, body, answer] of [
    ["a name of 101 characters", { name: "🌱".repeat(101) }, "/name too-long"],
    ["a name of white space", { name: "  " }, "/name too-short"],
    ["another colour", { name: "x", colour: "mauve" }, "/colour not-one-of"],
    ["a position that is none", { name: "x", position: "zz" }, "/position not-an-order"],
    ["an unknown member", { name: "x", isInbox: true }, "/isInbox unknown-member"],
  ] as const)
    test(fault, async () => {
      const response = await someone.request("POST", "/api/lists", { body })
      expect(await problem(response)).toBe(`400 invalid-input ${answer}`)
    })
})
