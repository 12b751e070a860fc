import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { entityTag } from "../entity-tags.ts"
import { operation } from "../openapi/operation.ts"
import { signedIn } from "../sessions/signed-in.ts"
import {
  archiveList,
  createList,
  editList,
  getList,
  listLists,
  restoreList,
  trashList,
  unarchiveList,
} from "./queries.ts"
import { type List, listChange, listPageShape, listPath, listShape, listsQuery, newList } from "./shapes.ts"

export const listRoutes = (dependencies: Dependencies) => {
  const { sql } = dependencies
  const tagged = (set: { headers: Record<string, string | number> }, list: List) => {
    set.headers.ETag = entityTag(list.rev)
    return list
  }
  return new Elysia({ prefix: "/api/lists", name: "lists", normalize: false })
    .use(signedIn(dependencies))
    .get("/", ({ caller, query }) => listLists(sql, caller.accountId, query), {
      query: listsQuery,
      response: { 200: listPageShape },
      detail: operation({
        id: "listLists",
        tag: "Lists",
        summary: "List lists",
        description:
          "In the order the account keeps them. Without `archived` both archived lists and others; `trashed=true` lists those in the trash instead.",
      }),
    })
    .post(
      "/",
      async ({ caller, body, set, status }) => {
        const { list, created } = await sql.begin((sql) => createList(sql, caller.accountId, body))
        tagged(set, list)
        return status(created ? 201 : 200, list)
      },
      {
        body: newList,
        response: { 200: listShape, 201: listShape },
        detail: operation({
          id: "createList",
          tag: "Lists",
          summary: "Create a list",
          description:
            "After the others, unless `position` says where. With an `id` of the caller's own making a creation can be sent again: 200 and the list as it is now. An account has at most 1,000 lists.",
          problems: { 409: ["id-taken", "too-many-lists"] },
        }),
      },
    )
    .get(
      "/:id",
      async ({ caller, params, set }) => tagged(set, await getList(sql, caller.accountId, params.id)),
      {
        params: listPath,
        response: { 200: listShape },
        detail: operation({
          id: "getList",
          tag: "Lists",
          summary: "Read a list",
          description:
            "Whether it is in the trash or not. The `ETag` changes with every change of the list itself.",
        }),
      },
    )
    .patch(
      "/:id",
      async ({ caller, params, body, headers, set }) =>
        tagged(
          set,
          await sql.begin((sql) => editList(sql, caller.accountId, params.id, body, headers["if-match"])),
        ),
      {
        params: listPath,
        body: listChange,
        response: { 200: listShape },
        detail: operation({
          id: "editList",
          tag: "Lists",
          summary: "Change a list",
          description:
            "Members that are not sent stay as they are. With `If-Match` only while the list is the one that was read. The Inbox may be renamed.",
          problems: { 403: ["read-only"], 412: ["precondition-failed"] },
        }),
      },
    )
    .delete(
      "/:id",
      async ({ caller, params, headers, set }) => {
        await sql.begin((sql) => trashList(sql, caller.accountId, params.id, headers["if-match"]))
        set.status = 204
      },
      {
        params: listPath,
        detail: operation({
          id: "trashList",
          tag: "Lists",
          summary: "Move a list to the trash",
          description:
            "With its todos, which come back with it. It can be restored for 30 days; then it is deleted for good. Never the Inbox.",
          problems: { 403: ["read-only"], 409: ["inbox-is-permanent"], 412: ["precondition-failed"] },
        }),
      },
    )
    .put(
      "/:id/restoration",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => restoreList(sql, caller.accountId, params.id))),
      {
        params: listPath,
        response: { 200: listShape },
        detail: operation({
          id: "restoreList",
          tag: "Lists",
          summary: "Take a list out of the trash",
          description: "With the todos it went there with. Those that were in the trash already stay there.",
          problems: { 403: ["read-only"] },
        }),
      },
    )
    .put(
      "/:id/archival",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => archiveList(sql, caller.accountId, params.id))),
      {
        params: listPath,
        response: { 200: listShape },
        detail: operation({
          id: "archiveList",
          tag: "Lists",
          summary: "Archive a list",
          description:
            "Its todos are then listed only by `listId`, and may still be changed. Never the Inbox.",
          problems: { 403: ["read-only"], 409: ["inbox-is-permanent"] },
        }),
      },
    )
    .delete(
      "/:id/archival",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => unarchiveList(sql, caller.accountId, params.id))),
      {
        params: listPath,
        response: { 200: listShape },
        detail: operation({
          id: "unarchiveList",
          tag: "Lists",
          summary: "Bring a list back from the archive",
          problems: { 403: ["read-only"] },
        }),
      },
    )
}
