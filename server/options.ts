import { Elysia } from "elysia"
import { Problem } from "./problems.ts"
import type { RouteTable } from "./route-table.ts"

/** Answers `OPTIONS` with what the address allows (RFC 9110, 9.3.7); preflights are for server/cross-origin.ts. */
export const options = (routes: RouteTable) =>
  new Elysia({ name: "options" }).onRequest(({ request, set }) => {
    if (request.method !== "OPTIONS") return
    const allowed = routes.allowed(new URL(request.url).pathname)
    if (allowed === null) throw Problem.routeNotFound()
    set.headers.allow = allowed
    return new Response(null, { status: 204 })
  })
