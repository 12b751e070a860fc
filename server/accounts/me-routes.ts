import { Elysia, t } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { LIMITS } from "../limits/limits.ts"
import { charge } from "../limits/queries.ts"
import { operation } from "../openapi/operation.ts"
import { Problem } from "../problems.ts"
import { signedIn } from "../sessions/signed-in.ts"
import { changeEmail } from "./change-email.ts"
import { changePassword } from "./change-password.ts"
import { cancelDeletion, requestDeletion } from "./deletion.ts"
import { exportAccount } from "./export.ts"
import { exportShape } from "./export-shape.ts"
import { givenProfile } from "./profile.ts"
import { readMe, updateAccount } from "./queries.ts"
import { emailChange, meShape, passwordChange, passwordOnly, profileChange } from "./shapes.ts"

/** Exports a process writes at once: each holds a connection of the pool. */
const MOST_EXPORTS = 2

/** What a person does about their own account. */
export const meRoutes = (dependencies: Dependencies) => {
  const { sql } = dependencies
  let exports = 0
  return new Elysia({ prefix: "/api/me", name: "me", normalize: false })
    .use(signedIn(dependencies))
    .get("/", async ({ caller }) => orUnauthenticated(await readMe(sql, caller.accountId)), {
      response: { 200: meShape },
      detail: operation({ id: "getMe", tag: "Accounts", summary: "Read my account" }),
    })
    .patch(
      "/",
      async ({ caller, body }) => {
        const profile = givenProfile(body)
        return orUnauthenticated(await sql.begin((sql) => updateAccount(sql, caller.accountId, profile)))
      },
      {
        body: profileChange,
        response: { 200: meShape },
        detail: operation({ id: "editMe", tag: "Accounts", summary: "Change my profile" }),
      },
    )
    .put(
      "/password",
      async ({ caller, body, set }) => {
        await changePassword(dependencies, caller, body)
        set.status = 204
      },
      {
        body: passwordChange,
        response: { 204: t.Void() },
        detail: operation({
          id: "changePassword",
          tag: "Accounts",
          summary: "Change my password",
          description: "Ends my other sessions; a letter tells me.",
          problems: { 403: ["wrong-password"] },
        }),
      },
    )
    .put(
      "/email",
      async ({ caller, body, status }) => {
        const { me, pending } = await changeEmail(dependencies, caller.accountId, body)
        return pending ? status(202, me) : status(200, me)
      },
      {
        body: emailChange,
        response: { 200: meShape, 202: meShape },
        detail: operation({
          id: "changeEmail",
          tag: "Accounts",
          summary: "Change my e-mail address",
          description:
            "Asks the new address by letter; the old one stays until that is confirmed, and is told then. Where no mail is configured it changes at once.",
          problems: { 403: ["wrong-password"], 409: ["email-taken"] },
        }),
      },
    )
    .get(
      "/export",
      async ({ caller, request }) => {
        const headers = {
          "Content-Type": "application/json",
          "Content-Disposition": `attachment; filename="docket-export-${new Date().toISOString().slice(0, 10)}.json"`,
        }
        // Otherwise the whole file would be read only to be counted.
        if (request.method === "HEAD") return new Response(null, { headers })
        await charge(sql, LIMITS.exports, caller.accountId)
        if (exports >= MOST_EXPORTS) throw Problem.tooManyRequests(30)
        exports += 1
        const written = exportAccount(sql, caller.accountId)
        written
          .then(({ done }) => done)
          .catch(() => {})
          .finally(() => {
            exports -= 1
          })
        return new Response((await written).body, { headers })
      },
      {
        response: { 200: exportShape },
        detail: operation({
          id: "exportMe",
          tag: "Accounts",
          summary: "Export all that is mine",
          description:
            "A JSON file: account, sessions, memberships, lists and todos, those in the trash too, as they are at one moment.",
        }),
      },
    )
    .put("/deletion", ({ caller, body }) => requestDeletion(dependencies, caller, body.password), {
      body: passwordOnly,
      response: { 200: meShape },
      detail: operation({
        id: "requestDeletion",
        tag: "Accounts",
        summary: "Delete my account in 14 days",
        description: "Ends my other sessions. Until `deletesAt` I can sign in and change my mind.",
        problems: { 403: ["wrong-password"] },
      }),
    })
    .delete("/deletion", ({ caller }) => cancelDeletion(dependencies, caller.accountId), {
      response: { 200: meShape },
      detail: operation({ id: "cancelDeletion", tag: "Accounts", summary: "Keep my account after all" }),
    })
}

/** A token can outlive its account by seconds. */
function orUnauthenticated<Row>(row: Row | null): Row {
  if (row === null) throw Problem.unauthenticated()
  return row
}
