import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { accessTokens } from "./access-token.ts"
import { isSessionLive } from "./queries.ts"

/**
 * For routes that need a signed-in caller: puts `caller` on the context, or fails with 401.
 *
 * @example new Elysia().use(signedIn(dependencies)).get("/", ({ caller }) => caller.accountId)
 */
export const signedIn = (dependencies: Pick<Dependencies, "config" | "sql">) =>
  new Elysia({ name: "signed-in" })
    .use(accessTokens(dependencies.config))
    .derive({ as: "scoped" }, async ({ headers, accessTokens }) => {
      const token = headers.authorization?.match(/^Bearer (\S+)$/i)?.[1]
      const caller = token ? await accessTokens.verify(token) : null
      if (!caller || !(await isSessionLive(dependencies.sql, caller))) throw Problem.unauthenticated()
      return { caller }
    })
