import { expect, test } from "bun:test"
import { memoryDisk } from "../sync/memory-disk.ts"
import { createSync } from "../sync/sync.ts"
import { sharedTabs } from "../sync/testing/shared-tabs.ts"
import { virtualWorld } from "../sync/testing/virtual-world.ts"
import { add, moveToList, place } from "./changes.ts"

function listWith(titles: string[]) {
  const sync = createSync({
    world: virtualWorld(),
    tabs: sharedTabs().newTab(),
    openDisk: async () => memoryDisk(),
    memoryDisk: async () => memoryDisk(),
    loadBackground: () => new Promise(() => {}),
  })
  sync.mutate([{ entity: "list", key: "l", fields: { name: "List", position: "a0" }, creates: true }])
  sync.mutate(add(sync, "l", titles))
  const shown = () => sync.openTodos("l").map((id) => sync.todo(id)!.title)
  const idOf = (title: string) => sync.openTodos("l").find((id) => sync.todo(id)!.title === title)!
  return { sync, shown, idOf }
}

test("new todos go to the top, in the order they were given", () => {
  const { sync, shown } = listWith(["b", "c"])
  sync.mutate(add(sync, "l", ["a"]))
  expect(shown()).toEqual(["a", "b", "c"])
})

test("a todo can be placed before any other, and at the end", () => {
  const { sync, shown, idOf } = listWith(["a", "b", "c"])
  sync.mutate(place(sync, idOf("c"), idOf("a")))
  expect(shown()).toEqual(["c", "a", "b"])
  sync.mutate(place(sync, idOf("c"), idOf("b")))
  expect(shown()).toEqual(["a", "c", "b"])
  sync.mutate(place(sync, idOf("a"), null))
  expect(shown()).toEqual(["c", "b", "a"])
})

test("between two that share a position there is no room: it goes after them", () => {
  const { sync, shown, idOf } = listWith(["a"])
  const position = sync.todo(idOf("a"))!.position
  sync.mutate([
    { entity: "todo", key: "zz", fields: { listId: "l", title: "twin", position }, creates: true },
    { entity: "todo", key: "x", fields: { listId: "l", title: "x", position: "b0" }, creates: true },
  ])
  sync.mutate(place(sync, "x", "zz"))
  expect(shown()).toEqual(["a", "twin", "x"])
})

test("moving to another list puts it at the top there", () => {
  const { sync, idOf } = listWith(["a"])
  sync.mutate([{ entity: "list", key: "m", fields: { name: "Other", position: "a1" }, creates: true }])
  sync.mutate(add(sync, "m", ["first"]))
  const id = idOf("a")
  sync.mutate(moveToList(sync, id, "m"))
  expect(sync.openTodos("l")).toEqual([])
  expect(sync.openTodos("m")[0]).toBe(id)
})
