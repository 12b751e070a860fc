import { expect, test } from "bun:test"
import { signIn, testApp } from "../testing/app.ts"
import type { Todo } from "./shapes.ts"

const app = await testApp()

test("a todo's life: created in the Inbox, read, changed, completed, opened, trashed, restored", async () => {
  const { request } = await signIn(app)
  const created = await request("POST", "/api/todos", { body: { title: "  Water the fern  " } })
  expect(created.status).toBe(201)
  const todo = (await created.json()) as Todo
  expect(todo).toMatchObject({ title: "Water the fern", notes: "", priority: "none", dueDate: null, rev: 2 })
  expect(created.headers.get("etag")).toBe('"2"')
  const path = `/api/todos/${todo.id}`
  const changed = await request("PATCH", path, { body: { dueDate: "2026-02-28", priority: "high" } })
  expect(await changed.json()).toMatchObject({ dueDate: "2026-02-28", priority: "high", rev: 3 })
  const completed = (await (await request("PUT", `${path}/completion`)).json()) as Todo
  expect(completed.completedAt).toBeString()
  const again = (await (await request("PUT", `${path}/completion`)).json()) as Todo
  expect(again).toEqual(completed)
  expect(await (await request("DELETE", `${path}/completion`)).json()).toMatchObject({ completedAt: null })
  expect((await request("DELETE", path)).status).toBe(204)
  expect(await (await request("GET", "/api/todos")).json()).toEqual({ items: [], nextCursor: null })
  expect(await (await request("GET", "/api/todos?trashed=true")).json()).toMatchObject({
    items: [{ id: todo.id }],
  })
  const restored = (await (await request("PUT", `${path}/restoration`)).json()) as Todo
  expect(restored.trashedAt).toBeNull()
  expect(await (await request("GET", "/api/todos")).json()).toEqual({ items: [restored], nextCursor: null })
})

test("every sort pages through all todos without a gap or a repeat, in both directions", async () => {
  const { request } = await signIn(app)
  const other = (await (await request("POST", "/api/lists", { body: { name: "Garden" } })).json()) as {
    id: string
  }
  for (let n = 0; n < 13; n++) {
    const body = {
      title: `Todo ${n % 4}`,
      priority: ["none", "low", "medium", "high"][n % 4],
      dueDate: n % 3 ? `2026-01-0${1 + (n % 5)}` : null,
      listId: n % 2 ? other.id : undefined,
    }
    const todo = (await (await request("POST", "/api/todos", { body })).json()) as Todo
    if (n % 4 === 1) await request("PUT", `/api/todos/${todo.id}/completion`)
  }
  for (const sort of ["position", "dueDate", "priority", "title", "createdAt", "updatedAt", "completedAt"])
    for (const direction of ["ascending", "descending"])
      for (const filter of ["", `&listId=${other.id}`, "&completed=false"]) {
        const base = `/api/todos?sort=${sort}&direction=${direction}${filter}`
        const whole = (await (await request("GET", `${base}&limit=200`)).json()) as { items: Todo[] }
        const paged: Todo[] = []
        let cursor: string | null = null
        do {
          const answer = await request("GET", `${base}&limit=2${cursor ? `&cursor=${cursor}` : ""}`)
          expect(answer.status).toBe(200)
          const page = (await answer.json()) as { items: Todo[]; nextCursor: string | null }
          paged.push(...page.items)
          cursor = page.nextCursor
        } while (cursor)
        expect(paged).toEqual(whole.items)
        expect(paged).toHaveLength(filter === "" ? 13 : filter === "&completed=false" ? 10 : 6)
      }
})
