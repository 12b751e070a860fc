import { cors } from "@elysiajs/cors"
import { Elysia } from "elysia"
import type { Config } from "./config.ts"
import { Problem } from "./problems.ts"

/** What a page of another origin may read besides the headers that any page may (Fetch standard, 3.2.5). */
const EXPOSED = ["ETag", "X-Request-Id", "Retry-After", "Allow", "Content-Disposition"]

/** What is answered to a request that names an origin: its headers go on the answer; to a preflight it is the answer. */
export type CrossOrigin = (request: Request) => Response | Promise<Response>

/**
 * Cross-origin requests (Fetch standard, CORS protocol): only from the origin of `FRONTEND_URL`, compared whole,
 * and with cookies. Where page and API share an origin, as they do by default, no browser ever asks; so the
 * plugin stands beside the routes and is asked only about requests with an `Origin`, instead of on every read's way.
 */
export const crossOrigin = (config: Pick<Config, "frontendUrl">): CrossOrigin => {
  const allowed = allowedOrigin(config)
  const plugin = cors({
    // A string here would also match behind any other scheme.
    origin: (request) => allowed !== null && request.headers.get("origin") === allowed,
    credentials: true,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "If-Match", "If-None-Match"],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  })
  return new Elysia().use(plugin).onRequest(() => new Response(null, { status: 204 })).fetch
}

/** Whether a browser asks beforehand what it may send. */
export const isPreflight = (request: Request) =>
  request.method === "OPTIONS" && request.headers.has("access-control-request-method")

/** Puts what `crossOrigin` answered on the real answer. */
export function allowOrigin(response: Response, asked: Response) {
  for (const [name, value] of asked.headers) {
    if (name.startsWith("access-control-")) response.headers.set(name, value)
  }
}

/**
 * Refuses a request that carries a cookie but was not sent by our own page. Browsers put `Origin` on every request
 * that could change something, so one without it is refused as well. `SameSite` alone would let a sister subdomain in.
 */
export function requireSameOrigin(request: Request, config: Pick<Config, "frontendUrl">) {
  const origin = request.headers.get("origin")
  if (origin === null || !isOurs(origin, request, config)) {
    throw new Problem(403, "origin-not-allowed", "This can only be asked by Docket's own page.")
  }
}

/** Without `FRONTEND_URL` the page is the one that this server serves, under whatever name it was reached. */
function isOurs(origin: string, request: Request, config: Pick<Config, "frontendUrl">): boolean {
  const allowed = allowedOrigin(config)
  if (allowed !== null) return origin === allowed
  return URL.canParse(origin) && new URL(origin).host === new URL(request.url).host
}

const allowedOrigin = ({ frontendUrl }: Pick<Config, "frontendUrl">) =>
  frontendUrl === null ? null : new URL(frontendUrl).origin
