import { expect, test } from "bun:test"
import type { Outcome } from "./outbox.ts"
import type { Page, Query, Remote } from "./remote.ts"
import type { Entity, Entry, List, Op, Todo } from "./rows.ts"
import { createSync } from "./sync.ts"

const T0 = "2026-01-01T00:00:00.000Z"
const T1 = "2026-01-02T00:00:00.000Z"

const list = (id: string, fields: Partial<List> = {}): Entry => ({
  entity: "list",
  row: {
    id,
    name: id,
    colour: "grey",
    isInbox: false,
    position: id,
    archivedAt: null,
    trashedAt: null,
    createdAt: T0,
    updatedAt: T0,
    ...fields,
  },
})

const todo = (id: string, fields: Partial<Todo> = {}): Entry => ({
  entity: "todo",
  row: {
    id,
    listId: "work",
    title: id,
    notes: "",
    priority: "none",
    dueDate: null,
    position: id,
    completedAt: null,
    trashedAt: null,
    createdAt: T0,
    updatedAt: T0,
    ...fields,
  },
})

/** A server far away: `pages` says what it answers, and every question is kept. */
function remote(
  pages: (entity: Entity, query: Query, cursor: string | null) => Page,
  answer?: () => Outcome,
) {
  const asked: { entity: Entity; query: Query; cursor: string | null }[] = []
  const sent: Op[] = []
  const remote: Remote = {
    page: async (entity, query, cursor) => {
      asked.push({ entity, query, cursor })
      return pages(entity, query, cursor)
    },
    send: async (op) => {
      sent.push(op)
      return answer?.() ?? { kind: "taken", row: undefined }
    },
  }
  return { remote, asked, sent }
}

const NOTHING: Page = { entries: [], nextCursor: null }

test("reads all lists and all open todos, page after page", async () => {
  const { remote: server, asked } = remote((entity, _query, cursor) => {
    if (entity === "list") return { entries: [list("work")], nextCursor: null }
    return cursor ? { entries: [todo("b")], nextCursor: null } : { entries: [todo("a")], nextCursor: "more" }
  })
  const sync = createSync({ remote: server })
  await sync.load()
  expect(sync.loaded()).toBe(true)
  expect(sync.openTodos("work")).toEqual(["a", "b"])
  expect(asked.map(({ entity, query, cursor }) => [entity, query.completed, cursor])).toEqual([
    ["list", undefined, null],
    ["todo", false, null],
    ["todo", false, "more"],
  ])
})

test("says that something could not be read, and reads it when asked again", async () => {
  let away = true
  const { remote: server } = remote(() => {
    if (away) throw new Error("away")
    return NOTHING
  })
  const sync = createSync({ remote: server })
  await sync.load()
  expect(sync.state()).toBe("problem")
  expect(sync.loaded()).toBe(false)
  away = false
  await sync.refresh()
  expect(sync.state()).toBe("idle")
  expect(sync.loaded()).toBe(true)
})

test("a refresh reads back to what is known, and no further", async () => {
  const { remote: server, asked } = remote((entity, query, cursor) => {
    if (query.sort === "updatedAt" && !query.trashed) {
      return cursor
        ? { entries: [todo("old")], nextCursor: "older still" }
        : { entries: [todo("a", { title: "Changed", updatedAt: T1 })], nextCursor: "older" }
    }
    if (query.sort === "updatedAt")
      return { entries: [todo("b", { trashedAt: T1, updatedAt: T1 })], nextCursor: null }
    return entity === "todo"
      ? { entries: [todo("a", { updatedAt: T1 }), todo("b")], nextCursor: null }
      : { entries: [list("work")], nextCursor: null }
  })
  const sync = createSync({ remote: server })
  await sync.load()
  await sync.refresh()
  expect(asked.some(({ cursor }) => cursor === "older")).toBe(true)
  expect(asked.some(({ cursor }) => cursor === "older still")).toBe(false)
  expect(sync.openTodos("work")).not.toContain("b")
})

test("several changes are seen at once, sent in order, and undone by what mutate returns", async () => {
  const { remote: server, sent } = remote(() => NOTHING)
  const sync = createSync({ remote: server })
  const undo = sync.mutate([
    { entity: "list", key: "l", fields: { name: "Work", position: "a0" } },
    { entity: "todo", key: "t", fields: { listId: "l", title: "Milk", position: "a0" } },
  ])
  expect(sync.openTodos("l")).toEqual(["t"])
  sync.mutate(undo)
  expect(sync.openTodos("l")).toEqual([])
  expect(sync.lists()).toEqual([])
  await Bun.sleep(5)
  expect(sent.map(({ key, creates }) => [key, creates])).toEqual([
    ["l", true],
    ["t", true],
    ["l", false],
    ["t", false],
  ])
  expect(sync.unanswered()).toBe(0)
})

test("what is refused goes back, and is told of with what went with it", async () => {
  const told: string[][] = []
  const { remote: server } = remote(
    () => NOTHING,
    () => ({ kind: "refused", problem: "full" }),
  )
  const sync = createSync({
    remote: server,
    refused: (ops, problem) => told.push([...ops.map((op) => op.key), `${problem}`]),
  })
  sync.mutate([
    { entity: "list", key: "l", fields: { name: "Work", position: "a0" } },
    { entity: "todo", key: "t", fields: { listId: "l", title: "Milk", position: "a0" } },
  ])
  await Bun.sleep(5)
  expect(told).toEqual([["l", "t", "full"]])
  expect(sync.list("l")).toBeUndefined()
  expect(sync.todo("t")).toBeUndefined()
  expect(sync.state()).toBe("idle")
})

test("completed todos come a page at a time", async () => {
  const { remote: server } = remote((_entity, _query, cursor) =>
    cursor
      ? { entries: [todo("b", { completedAt: T0 })], nextCursor: null }
      : { entries: [todo("a", { completedAt: T1 })], nextCursor: "more" },
  )
  const sync = createSync({ remote: server })
  expect(sync.completedRead("work")).toBeUndefined()
  await sync.loadCompleted("work")
  expect(sync.completedRead("work")).toEqual({ more: true })
  await sync.loadCompleted("work")
  expect(sync.completedRead("work")).toEqual({ more: false })
  expect(sync.completedTodos("work")).toEqual(["a", "b"])
})
