import { Elysia, t } from "elysia"
import { credentials } from "../accounts/shapes.ts"
import { callerAddress } from "../caller-address.ts"
import { requireSameOrigin } from "../cross-origin.ts"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"
import { Problem } from "../problems.ts"
import { endSession, endSessions, listSessions } from "./queries.ts"
import { refresh } from "./refresh.ts"
import { noRefreshCookie, readRefreshCookie, refreshCookie } from "./refresh-cookie.ts"
import { sessionPageShape, sessionPath, signedInShape } from "./shapes.ts"
import { signIn } from "./sign-in.ts"
import { signOut } from "./sign-out.ts"
import { authenticate, signedIn } from "./signed-in.ts"

const MOST_USER_AGENT_CHARACTERS = 400

export const sessionRoutes = (dependencies: Dependencies) =>
  new Elysia({ name: "sessions", normalize: false })
    .use(currentSessionRoutes(dependencies))
    .use(mySessionsRoutes(dependencies))

/** Signing in, staying so, and signing out: without an access token, or with one that may have expired. */
const currentSessionRoutes = (dependencies: Dependencies) => {
  const { config } = dependencies
  const client = (address: string, headers: Record<string, string | undefined>) => ({
    address,
    userAgent: [...(headers["user-agent"] ?? "")].slice(0, MOST_USER_AGENT_CHARACTERS).join(""),
  })
  const ownCookie = (request: Request, cookies: string | undefined) => {
    const token = readRefreshCookie(config, cookies)
    if (token !== null) requireSameOrigin(request, config)
    return token
  }
  return new Elysia({ prefix: "/api/sessions", name: "current-session", normalize: false })
    .use(callerAddress(dependencies))
    .post(
      "/",
      async ({ body, headers, address, set, status }) => {
        const begun = await signIn(dependencies, body, client(address, headers))
        set.headers["Set-Cookie"] = refreshCookie(config, begun.refresh.token, begun.refresh.seconds)
        return status(201, begun.body)
      },
      {
        body: credentials,
        response: { 201: signedInShape },
        detail: operation({
          id: "signIn",
          tag: "Sessions",
          summary: "Sign in",
          description:
            "Answers an access token, which is good for 15 minutes, and sets an HttpOnly cookie by which `refreshSession` renews it. A session ends after 30 days without use, and after a year.",
          public: true,
          problems: { 401: ["wrong-credentials"], 403: ["email-not-verified"] },
        }),
      },
    )
    .post(
      "/current/refresh",
      async ({ request, headers, address, set }) => {
        const token = ownCookie(request, headers.cookie)
        const renewed = token && (await refresh(dependencies, token, client(address, headers)))
        if (!renewed) throw Problem.unauthenticated()
        set.headers["Set-Cookie"] = refreshCookie(config, renewed.refresh.token, renewed.refresh.seconds)
        return renewed.body
      },
      {
        response: { 200: signedInShape },
        detail: operation({
          id: "refreshSession",
          tag: "Sessions",
          summary: "Renew the access token by the cookie",
          description:
            "For Docket's own page, whose `Origin` it must be. Each cookie is replaced by the next. The one before stays good until its successor is first used, and for 30 seconds after that; used later it ends the session. `account-deleted` is told, for 90 days, to a cookie whose session went with its account: what is kept of the account that `accountId` names has nowhere to go.",
          public: true,
          problems: { 401: ["unauthenticated", "account-deleted"], 403: ["origin-not-allowed"] },
        }),
      },
    )
    .delete(
      "/current",
      async ({ request, headers, set }) => {
        const token = ownCookie(request, headers.cookie)
        await signOut(dependencies, await authenticate(dependencies, headers.authorization), token)
        set.headers["Set-Cookie"] = noRefreshCookie(config)
        set.status = 204
      },
      {
        response: { 204: t.Void() },
        detail: operation({
          id: "signOut",
          tag: "Sessions",
          summary: "Sign out",
          description:
            "The cookie or the access token is enough. Without either there is nothing to end: 204.",
          public: true,
          problems: { 403: ["origin-not-allowed"] },
        }),
      },
    )
}

/** What a person sees of their sessions, and the ending of others. */
const mySessionsRoutes = (dependencies: Dependencies) => {
  const { sql, liveSessions } = dependencies
  return new Elysia({ prefix: "/api/sessions", name: "my-sessions", normalize: false })
    .use(signedIn(dependencies))
    .get(
      "/",
      async ({ caller }) => {
        const sessions = await listSessions(sql, caller.accountId)
        const items = sessions.map((session) => ({ ...session, current: session.id === caller.sessionId }))
        return { items, nextCursor: null }
      },
      {
        response: { 200: sessionPageShape },
        detail: operation({
          id: "listSessions",
          tag: "Sessions",
          summary: "List where I am signed in",
          description: "The last used first; all of them, since an account has 100 at most.",
        }),
      },
    )
    .delete(
      "/:id",
      async ({ caller, params, set }) => {
        const ended = await endSession(sql, { accountId: caller.accountId, sessionId: params.id })
        if (ended.length === 0) throw Problem.notFound("session")
        liveSessions.forget(ended)
        set.status = 204
      },
      {
        params: sessionPath,
        response: { 204: t.Void() },
        detail: operation({
          id: "endSession",
          tag: "Sessions",
          summary: "End one of my sessions",
          description: "It stops working within five seconds.",
        }),
      },
    )
    .delete(
      "/",
      async ({ caller, set }) => {
        liveSessions.forget(await endSessions(sql, caller.accountId, caller.sessionId))
        set.status = 204
      },
      {
        response: { 204: t.Void() },
        detail: operation({
          id: "endOtherSessions",
          tag: "Sessions",
          summary: "End all my sessions but this one",
          description: "They stop working within five seconds.",
        }),
      },
    )
}
