import { expect, test } from "bun:test"
import { createEffect, createRoot } from "solid-js"
import type { List, Todo } from "./rows.ts"
import { createStore } from "./store.ts"

const T0 = "2026-01-01T00:00:00.000Z"

const list = (id: string, fields: Partial<List> = {}): { entity: "list"; row: List } => ({
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
    createdAt: T0,
    updatedAt: T0,
    ...fields,
  },
})

test("shows what was received by list, by day and by trash", () => {
  const store = createStore()
  store.receive([
    list("inbox", { isInbox: true }),
    list("work"),
    list("old", { archivedAt: T0 }),
    todo("b", { dueDate: "2026-02-01" }),
    todo("a", { dueDate: "2026-02-01", priority: "low" }),
    todo("c", { completedAt: T0 }),
    todo("d", { trashedAt: T0 }),
  ])
  expect(store.inboxId()).toBe("inbox")
  expect(store.lists()).toEqual(["work"])
  expect(store.archivedLists()).toEqual(["old"])
  expect(store.openTodos("work")).toEqual(["a", "b"])
  expect(store.completedTodos("work")).toEqual(["c"])
  expect(store.trashedTodos()).toEqual(["d"])
  expect(store.dueOn("2026-02-01")).toEqual(["a", "b"])
  expect(store.dueDates()).toEqual(["2026-02-01"])
})

test("shows a change at once, and what the server made of it after", () => {
  const store = createStore()
  store.receive([todo("a")])
  const op = store.change({ entity: "todo", key: "a", fields: { title: "Milk" } }, "op")
  expect(store.todo("a")?.title).toBe("Milk")
  expect(store.unanswered()).toBe(1)
  store.acknowledge(op, todo("a", { title: "Milk", updatedAt: "2026-01-02T00:00:00.000Z" }).row)
  expect(store.todo("a")?.updatedAt).toBe("2026-01-02T00:00:00.000Z")
  expect(store.unanswered()).toBe(0)
})

test("a refused change goes back, and leaves the later ones standing", () => {
  const store = createStore()
  store.receive([todo("a", { title: "Milk", dueDate: "2026-02-01" })])
  const refused = store.change({ entity: "todo", key: "a", fields: { title: "", dueDate: null } }, "1")
  store.change({ entity: "todo", key: "a", fields: { priority: "high" } }, "2")
  expect(store.dueDates()).toEqual([])
  store.refuse(refused)
  expect(store.todo("a")).toMatchObject({ title: "Milk", priority: "high", dueDate: "2026-02-01" })
  expect(store.dueOn("2026-02-01")).toEqual(["a"])
})

test("a refused creation leaves nothing", () => {
  const store = createStore()
  const fields = { listId: "work", title: "Milk", position: "a0" }
  const op = store.change({ entity: "todo", key: "a", fields }, "1")
  expect(store.openTodos("work")).toEqual(["a"])
  expect(store.todo("a")).toMatchObject({ notes: "", priority: "none", dueDate: null })
  store.refuse(op)
  expect(store.todo("a")).toBeUndefined()
  expect(store.openTodos("work")).toEqual([])
})

test("rows from the server do not undo what it has not answered yet", () => {
  const store = createStore()
  store.receive([todo("a", { title: "Milk" })])
  const op = store.change({ entity: "todo", key: "a", fields: { title: "Bread" } }, "1")
  store.receive([todo("a", { title: "Elsewhere", priority: "low", updatedAt: "2026-01-02T00:00:00.000Z" })])
  expect(store.todo("a")).toMatchObject({ title: "Bread", priority: "low" })
  store.refuse(op)
  expect(store.todo("a")?.title).toBe("Elsewhere")
})

test("an answer that was long on its way does not take a row back in time", () => {
  const store = createStore()
  store.receive([todo("a", { title: "New", updatedAt: "2026-01-02T00:00:00.000Z" })])
  store.receive([todo("a", { title: "Old" })])
  expect(store.todo("a")?.title).toBe("New")
})

test("with 20,000 todos a completion is told to its row and its list, to no other reader", () => {
  const store = createStore()
  store.receive(
    Array.from({ length: 20_000 }, (_, i) =>
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
  store.change({ entity: "todo", key: "00001", fields: { completedAt: T0 } }, "1")
  expect(runs).toEqual({ row: 2, "another row": 1, "its list": 2, "another list": 1, "a day": 1 })
  expect(store.openTodos("work")).toHaveLength(9_999)
})

test("knows what undoes a change", () => {
  const store = createStore()
  store.receive([todo("a", { title: "Milk", priority: "low" })])
  expect(store.inverse({ entity: "todo", key: "a", fields: { title: "Bread", priority: "high" } })).toEqual({
    entity: "todo",
    key: "a",
    fields: { title: "Milk", priority: "low" },
  })
  const creation = store.inverse({ entity: "todo", key: "b", fields: { title: "Bread" } })
  expect(creation.fields.trashedAt).toBeString()
})
