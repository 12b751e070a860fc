import type { Server } from "bun"
import { Elysia, t } from "elysia"
import type { Dependencies } from "../dependencies.ts"
import { operation } from "../openapi/operation.ts"
import { Problem } from "../problems.ts"
import { factsOf } from "../request-facts.ts"
import { bearerCaller } from "../sessions/signed-in.ts"

const HEADERS = {
  "Content-Type": "text/event-stream",
  // Proxies that compress or rewrite would hold events back.
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
}

/**
 * The stream of changes. It is opened with the access token in the header, like everything else: `EventSource`
 * cannot do that, `fetch` can, and no token is ever in an address, where it would be logged.
 */
export const eventRoutes = (
  dependencies: Pick<Dependencies, "accessTokens" | "streams">,
  server: () => Server<unknown> | null,
) =>
  new Elysia({ prefix: "/api/events", name: "events", normalize: false }).get(
    "/",
    async ({ request }) => {
      // Not `signedIn`: whether the session is live is looked up for all that open a stream at the same time.
      const caller = await bearerCaller(dependencies, request.headers.get("authorization"))
      if (!caller) throw Problem.unauthenticated()
      factsOf(request).accountId = caller.accountId
      if (request.method === "HEAD") return new Response(null, { headers: HEADERS })
      const body = await dependencies.streams.open(caller)
      // Heartbeats come often enough; this holds where a machine slept through some.
      server()?.timeout(request, 0)
      return new Response(body, { headers: HEADERS })
    },
    {
      response: { 200: t.String() },
      detail: operation({
        id: "followChanges",
        tag: "Sync",
        summary: "Follow what changes",
        description:
          "A stream of server-sent events (`text/event-stream`) without an end: that something changed, never what. First `hello` with the database's `epoch`, and `change` with `{ space, rev }` for every space that I am a member of (docs/sync.md); then a `change` whenever one moves on, and `spaces` when I have become a member of one or am one no longer. Before the server ends it, `bye` says why and in how many milliseconds to come again (`retryMs`). A comment every 25 seconds shows that it is alive.",
        answer: "text/event-stream",
        problems: { 503: ["too-many-streams"] },
      }),
    },
  )
