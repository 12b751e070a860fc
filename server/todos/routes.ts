import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { entityTag } from "../entity-tags.ts"
import { operation } from "../openapi/operation.ts"
import { signedIn } from "../sessions/signed-in.ts"
import { listTodos } from "./listing.ts"
import { completeTodo, createTodo, editTodo, getTodo, reopenTodo, restoreTodo, trashTodo } from "./queries.ts"
import { newTodo, type Todo, todoChange, todoPageShape, todoPath, todoShape, todosQuery } from "./shapes.ts"

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
        detail: operation({
          id: "listTodos",
          tag: "Todos",
          summary: "List todos",
          description:
            "A page of the todos that all the filters let through, those of archived lists only by `listId`. Sorted by `position` without `listId`, the lists' own order comes first. What lacks a due date, or is not completed, comes last in that sort both ways. `trashed=true` lists instead what is in the trash: trashed todos, and the todos of trashed lists. `nextCursor` is good for the same filters and sort.",
          problems: { 404: ["not-found"] },
        }),
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
          detail: operation({
            id: "createTodo",
            tag: "Todos",
            summary: "Create a todo",
            description:
              "In the Inbox and at its end, unless `listId` and `position` say otherwise. With an `id` of the caller's own making a creation can be sent again: 200 and the todo as it is now. Titles and notes are kept in Unicode NFC; a title is one line, without white space around it. A list holds at most 100,000 todos.",
            problems: {
              403: ["read-only"],
              404: ["not-found"],
              409: ["id-taken", "list-is-trashed", "list-is-full"],
            },
          }),
        },
      )
      .get(
        "/:id",
        async ({ caller, params, set }) => tagged(set, await getTodo(sql, caller.accountId, params.id)),
        {
          params: todoPath,
          response: { 200: todoShape },
          detail: operation({
            id: "getTodo",
            tag: "Todos",
            summary: "Read a todo",
            description:
              "Whether it is in the trash or not. The `ETag` changes with every change of the todo.",
          }),
        },
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
          detail: operation({
            id: "editTodo",
            tag: "Todos",
            summary: "Change a todo, or move it",
            description:
              "Members that are not sent stay as they are. `listId` moves the todo to the end of another list, or to `position` there. With `If-Match` only while the todo is the one that was read. A todo in the trash may be changed, one in a trashed list may not.",
            problems: {
              403: ["read-only"],
              409: ["list-is-trashed", "list-is-full"],
              412: ["precondition-failed"],
            },
          }),
        },
      )
      .delete(
        "/:id",
        async ({ caller, params, headers, set }) => {
          await sql.begin((sql) => trashTodo(sql, caller.accountId, params.id, headers["if-match"]))
          set.status = 204
        },
        {
          params: todoPath,
          detail: operation({
            id: "trashTodo",
            tag: "Todos",
            summary: "Move a todo to the trash",
            description: "It can be restored for 30 days; then it is deleted for good.",
            problems: { 403: ["read-only"], 409: ["list-is-trashed"], 412: ["precondition-failed"] },
          }),
        },
      )
      .put(
        "/:id/completion",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => completeTodo(sql, caller.accountId, params.id))),
        {
          params: todoPath,
          response: { 200: todoShape },
          detail: operation({
            id: "completeTodo",
            tag: "Todos",
            summary: "Complete a todo",
            description: "One that is completed already stays as it is, with the moment when it first was.",
            problems: { 403: ["read-only"], 409: ["list-is-trashed"] },
          }),
        },
      )
      .delete(
        "/:id/completion",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => reopenTodo(sql, caller.accountId, params.id))),
        {
          params: todoPath,
          response: { 200: todoShape },
          detail: operation({
            id: "reopenTodo",
            tag: "Todos",
            summary: "Open a todo again",
            problems: { 403: ["read-only"], 409: ["list-is-trashed"] },
          }),
        },
      )
      .put(
        "/:id/restoration",
        async ({ caller, params, set }) =>
          tagged(set, await sql.begin((sql) => restoreTodo(sql, caller.accountId, params.id))),
        {
          params: todoPath,
          response: { 200: todoShape },
          detail: operation({
            id: "restoreTodo",
            tag: "Todos",
            summary: "Take a todo out of the trash",
            description:
              "To the list and the place where it was. Where the list is in the trash itself, that is restored first.",
            problems: { 403: ["read-only"], 409: ["list-is-trashed"] },
          }),
        },
      )
  )
}
