import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { entityTag } from "../entity-tags.ts"
import { signedIn } from "../sessions/signed-in.ts"
import { listTodos } from "./listing.ts"
import { completeTodo, createTodo, editTodo, getTodo, reopenTodo, restoreTodo, trashTodo } from "./queries.ts"
import { newTodo, type Todo, todoChange, todoPageShape, todoPath, todoShape, todosQuery } from "./shapes.ts"

const detail = (operationId: string, summary: string, description?: string) => ({
  tags: ["Todos"],
  operationId,
  summary,
  description,
})

export const todoRoutes = (dependencies: Dependencies) => {
  const { sql } = dependencies
  const tagged = (set: { headers: Record<string, string | number> }, todo: Todo) => {
    set.headers.ETag = entityTag(todo.rev)
    return todo
  }
  return (
    new Elysia({ prefix: "/api/todos", name: "todos", normalize: false })
      .use(signedIn(dependencies))
      // The most frequent read answers with a Response, which is not checked against its shape again.
      .get("/", async ({ caller, query }) => Response.json(await listTodos(sql, caller.accountId, query)), {
        query: todosQuery,
        response: { 200: todoPageShape },
        detail: detail("listTodos", "List todos"),
      })
      .post(
        "/",
        async ({ caller, body, set, status }) => {
          const { todo, created } = await sql.begin((sql) => createTodo(sql, caller.accountId, body))
          tagged(set, todo)
          return status(created ? 201 : 200, todo)
        },
        {
          body: newTodo,
          response: { 200: todoShape, 201: todoShape },
          detail: detail("createTodo", "Create a todo"),
        },
      )
      .get(
        "/:id",
        async ({ caller, params, set }) => tagged(set, await getTodo(sql, caller.accountId, params.id)),
        { params: todoPath, response: { 200: todoShape }, detail: detail("getTodo", "Read a todo") },
      )
      .patch(
        "/:id",
        async ({ caller, params, body, headers, set }) =>
          tagged(
            set,
            await sql.begin((sql) => editTodo(sql, caller.accountId, params.id, body, headers["if-match"])),
          ),
        {
          params: todoPath,
          body: todoChange,
          response: { 200: todoShape },
          detail: detail("editTodo", "Change a todo, or move it to another list"),
        },
      )
      .delete(
        "/:id",
        async ({ caller, params, headers, set }) => {
          await sql.begin((sql) => trashTodo(sql, caller.accountId, params.id, headers["if-match"]))
          set.status = 204
        },
        { params: todoPath, detail: detail("trashTodo", "Move a todo to the trash") },
      )
      .put(
        "/:id/completion",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => completeTodo(sql, caller.accountId, params.id))),
        { params: todoPath, response: { 200: todoShape }, detail: detail("completeTodo", "Complete a todo") },
      )
      .delete(
        "/:id/completion",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => reopenTodo(sql, caller.accountId, params.id))),
        { params: todoPath, response: { 200: todoShape }, detail: detail("reopenTodo", "Open a todo again") },
      )
      .put(
        "/:id/restoration",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => restoreTodo(sql, caller.accountId, params.id))),
        {
          params: todoPath,
          response: { 200: todoShape },
          detail: detail("restoreTodo", "Take a todo out of the trash"),
        },
      )
  )
}
