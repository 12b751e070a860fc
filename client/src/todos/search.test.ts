import { expect, test } from "bun:test"
import type { Todo } from "../sync/rows.ts"
import { search } from "./search.ts"

const todo = (id: string, fields: Partial<Todo>) => ({ id, title: id, notes: "", ...fields }) as Todo

test("finds by a part of the title or the notes, without case and accents", () => {
  const todos = [
    todo("a", { title: "Acheter du CAFÉ" }),
    todo("b", { notes: "un café" }),
    todo("c", { title: "买咖啡" }),
    todo("d", { title: "Tea" }),
  ]
  expect(search(todos, "cafe")).toEqual(["a", "b"])
  expect(search(todos, "咖啡")).toEqual(["c"])
  expect(search(todos, "  ")).toEqual([])
})

test("open before completed, titles before notes, never the trash", () => {
  const todos = [
    todo("trashed", { title: "milk", trashedAt: "2026-01-01T00:00:00.000Z" }),
    todo("done", { title: "milk", completedAt: "2026-01-01T00:00:00.000Z" }),
    todo("notes", { notes: "milk" }),
    todo("title", { title: "milk" }),
  ]
  expect(search(todos, "milk")).toEqual(["title", "notes", "done"])
})
