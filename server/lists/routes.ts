import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { entityTag } from "../entity-tags.ts"
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

const detail = (operationId: string, summary: string, description?: string) => ({
  tags: ["Lists"],
  operationId,
  summary,
  description,
})

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
      detail: detail("listLists", "List lists"),
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
        detail: detail("createList", "Create a list"),
      },
    )
    .get(
      "/:id",
      async ({ caller, params, set }) => tagged(set, await getList(sql, caller.accountId, params.id)),
      { params: listPath, response: { 200: listShape }, detail: detail("getList", "Read a list") },
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
        detail: detail("editList", "Change a list"),
      },
    )
    .delete(
      "/:id",
      async ({ caller, params, headers, set }) => {
        await sql.begin((sql) => trashList(sql, caller.accountId, params.id, headers["if-match"]))
        set.status = 204
      },
      { params: listPath, detail: detail("trashList", "Move a list to the trash") },
    )
    .put(
      "/:id/restoration",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => restoreList(sql, caller.accountId, params.id))),
      {
        params: listPath,
        response: { 200: listShape },
        detail: detail("restoreList", "Take a list out of the trash"),
      },
    )
    .put(
      "/:id/archival",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => archiveList(sql, caller.accountId, params.id))),
      { params: listPath, response: { 200: listShape }, detail: detail("archiveList", "Archive a list") },
    )
    .delete(
      "/:id/archival",
      async ({ caller, params, set }) =>
        tagged(set, await sql.begin((sql) => unarchiveList(sql, caller.accountId, params.id))),
      {
        params: listPath,
        response: { 200: listShape },
        detail: detail("unarchiveList", "Bring a list back from the archive"),
      },
    )
}
