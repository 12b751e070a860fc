import { Elysia } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { Problem } from "../problems.ts"
import { factsOf } from "../request-facts.ts"
import type { Caller } from "./access-token.ts"
import { isSessionLive } from "./queries.ts"

/**
 * For routes that need a signed-in caller: puts `caller` on the context, or fails with 401. A token that was good
 * in the last five seconds costs no query and no signature check.
 *
 * @example new Elysia().use(signedIn(dependencies)).get("/", ({ caller }) => caller.accountId)
 */
export const signedIn = (dependencies: AuthenticationDependencies) =>
  new Elysia({ name: "signed-in" }).derive({ as: "scoped" }, async ({ request }) => {
    const caller = await authenticate(dependencies, request.headers.get("authorization"))
    if (!caller) throw Problem.unauthenticated()
    factsOf(request).accountId = caller.accountId
    return { caller }
  })

type AuthenticationDependencies = Pick<Dependencies, "sql" | "accessTokens" | "liveSessions">

/** Who sent `authorization` (`Bearer TOKEN`, RFC 6750), or null if it is no good. */
export async function authenticate(
  { sql, accessTokens, liveSessions }: AuthenticationDependencies,
  authorization: string | null | undefined,
): Promise<Caller | null> {
  const caller = await bearerCaller({ accessTokens }, authorization)
  if (!caller || liveSessions.isTrusted(caller.sessionId)) return caller
  const readAt = liveSessions.now()
  if (!(await isSessionLive(sql, caller))) return null
  liveSessions.trust(caller.sessionId, readAt)
  return caller
}

/** Whose token `authorization` carries, or null; the session may have ended since. */
export async function bearerCaller(
  { accessTokens }: Pick<Dependencies, "accessTokens">,
  authorization: string | null | undefined,
): Promise<Caller | null> {
  const token = authorization?.match(/^Bearer (\S{1,2000})$/i)?.[1]
  return token ? accessTokens.verify(token) : null
}
