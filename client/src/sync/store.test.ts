import { expect, test } from "bun:test"
import { createEffect, createRoot } from "solid-js"
import type { Queued } from "./disk.ts"
import type { Entry, List, Todo } from "./rows.ts"
import { createStore } from "./store.ts"

const T0 = "2026-01-01T00:00:00.000Z"

const list = (id: string, fields: Partial<List> = {}): { entity: "list"; row: List } => ({
  entity: "list",
  row: {
    id,
    name: id,
    colour: "grey",
    isInbox: false,
    role: "owner",
    position: id,
    archivedAt: null,
    trashedAt: null,
    rev: 1,
    createdAt: T0,
    updatedAt: T0,
    ...fields,
  },
})

const todo = (id: string, fields: Partial<Todo> = {}): { entity: "todo"; row: Todo } => ({
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
    rev: 1,
    createdAt: T0,
    updatedAt: T0,
    ...fields,
  },
})

/** A store that has received these rows. */
function storeOf(...rows: Entry[]) {
  const store = createStore()
  receive(store, ...rows)
  return store
}

const receive = (store: ReturnType<typeof createStore>, ...rows: Entry[]) =>
  store.publishing(() => store.receive({ clear: [], rows, gone: [] }))

let ops = 0
const change = (key: string, fields: Partial<Todo>, creates?: true): Queued => ({
  op: { id: `${++ops}`, entity: "todo", key, fields, ...(creates && { creates }) },
  version: 1,
  place: ops,
  madeAt: Date.parse(T0),
})

const queue = (store: ReturnType<typeof createStore>, ...entries: Queued[]) =>
  store.publishing(() => store.queue(entries))
const unqueue = (store: ReturnType<typeof createStore>, ...entries: Queued[]) =>
  store.publishing(() => store.unqueue(entries))

test("shows what was received by list, by day and by trash", () => {
  const store = storeOf(
    list("inbox", { isInbox: true }),
    list("work"),
    list("old", { archivedAt: T0 }),
    todo("b", { dueDate: "2026-02-01" }),
    todo("a", { dueDate: "2026-02-01", priority: "low" }),
    todo("c", { completedAt: T0 }),
    todo("d", { trashedAt: T0 }),
  )
  expect(store.inboxId()).toBe("inbox")
  expect(store.lists()).toEqual(["work"])
  expect(store.archivedLists()).toEqual(["old"])
  expect(store.openTodos("work")).toEqual(["a", "b"])
  expect(store.completedTodos("work")).toEqual(["c"])
  expect(store.trashedTodos()).toEqual(["d"])
  expect(store.dueOn("2026-02-01")).toEqual(["a", "b"])
  expect(store.dueDates()).toEqual(["2026-02-01"])
})

test("a change is seen on top of what the server has, and goes without it leaving a trace", () => {
  const store = storeOf(todo("a", { title: "Milk", dueDate: "2026-02-01" }))
  const refused = change("a", { title: "", dueDate: null })
  queue(store, refused)
  queue(store, change("a", { priority: "high" }))
  expect(store.dueDates()).toEqual([])
  unqueue(store, refused)
  expect(store.todo("a")).toMatchObject({ title: "Milk", priority: "high", dueDate: "2026-02-01" })
  expect(store.dueOn("2026-02-01")).toEqual(["a"])
})

test("ops are replayed by their place, in whichever order they are told", () => {
  const store = storeOf(todo("a"))
  const [first, second] = [change("a", { title: "1" }), change("a", { title: "2" })]
  queue(store, second)
  queue(store, first)
  expect(store.todo("a")?.title).toBe("2")
})

test("a refused creation leaves nothing", () => {
  const store = createStore()
  const creation = change("a", { listId: "work", title: "Milk", position: "a0" }, true)
  queue(store, creation)
  expect(store.openTodos("work")).toEqual(["a"])
  expect(store.todo("a")).toMatchObject({ notes: "", priority: "none", dueDate: null })
  unqueue(store, creation)
  expect(store.todo("a")).toBeUndefined()
  expect(store.openTodos("work")).toEqual([])
})

test("rows from the server do not undo what it has not answered yet", () => {
  const store = storeOf(todo("a", { title: "Milk" }))
  const op = change("a", { title: "Bread" })
  queue(store, op)
  receive(store, todo("a", { title: "Elsewhere", priority: "low", rev: 2 }))
  expect(store.todo("a")).toMatchObject({ title: "Bread", priority: "low" })
  unqueue(store, op)
  expect(store.todo("a")?.title).toBe("Elsewhere")
})

test("an answer that was long on its way does not take a row back in time", () => {
  const store = storeOf(todo("a", { title: "New", rev: 2 }))
  expect(receive(store, todo("a", { title: "Old" })).rows).toEqual([])
  expect(store.todo("a")?.title).toBe("New")
})

test("a row goes from the space that it was in, and not from the one that it moved to", () => {
  const store = storeOf(todo("a", { rev: 5 }))
  const left = (space: string, rev: number) =>
    store.publishing(() =>
      store.receive({ clear: [], rows: [], gone: [{ space, entity: "todo", key: "a", rev }] }),
    )
  expect(receive(store, todo("a", { listId: "home", rev: 6 })).moved).toEqual([
    { entity: "todo", space: "work", key: "a" },
  ])
  expect(left("work", 6).gone).toEqual([])
  expect(store.openTodos("home")).toEqual(["a"])
  left("home", 7)
  expect(store.todo("a")).toBeUndefined()
})

test("a space that is cleared goes whole, and what is pending on it stays pending", () => {
  const store = storeOf(list("work"), todo("a"), todo("b"), todo("c", { listId: "home" }))
  queue(store, change("d", { listId: "work", title: "d", position: "d" }, true))
  store.publishing(() => store.receive({ clear: ["work"], rows: [todo("b")], gone: [] }))
  expect(store.openTodos("work")).toEqual(["b", "d"])
  expect(store.openTodos("home")).toEqual(["c"])
  expect(store.list("work")).toBeUndefined()
})

test("with 20,000 todos a completion is told to its row and its list, to no other reader", () => {
  const store = storeOf(
    ...Array.from({ length: 20_000 }, (_, i) =>
      todo(`${i}`.padStart(5, "0"), {
        listId: i % 2 ? "work" : "home",
        dueDate: i % 7 ? null : "2026-02-01",
      }),
    ),
  )
  const runs: Record<string, number> = {}
  const watch = (name: string, read: () => unknown) =>
    createEffect(() => {
      read()
      runs[name] = (runs[name] ?? 0) + 1
    })
  createRoot((dispose) => {
    watch("row", () => store.todo("00001"))
    watch("another row", () => store.todo("00003"))
    watch("its list", () => store.openTodos("work"))
    watch("another list", () => store.openTodos("home"))
    watch("a day", () => store.dueOn("2026-02-01"))
    queueMicrotask(dispose)
  })
  queue(store, change("00001", { completedAt: T0 }))
  expect(runs).toEqual({ row: 2, "another row": 1, "its list": 2, "another list": 1, "a day": 1 })
  expect(store.openTodos("work")).toHaveLength(9_999)
})

test("knows what undoes a change", () => {
  const store = storeOf(todo("a", { title: "Milk", priority: "low" }))
  const fields = { title: "Bread", priority: "high" } as const
  expect(store.inverse({ entity: "todo", key: "a", fields }, 0)).toEqual([
    { entity: "todo", key: "a", fields: { title: "Milk", priority: "low" } },
  ])
  expect(store.inverse({ entity: "todo", key: "b", fields, creates: true }, 0)).toEqual([
    { entity: "todo", key: "b", fields: { trashedAt: "1970-01-01T00:00:00.000Z" } },
  ])
  expect(store.inverse({ entity: "todo", key: "b", fields }, 0)).toEqual([])
})
