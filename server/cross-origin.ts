import { cors } from "@elysiajs/cors"
import type { Config } from "./config.ts"
import { Problem } from "./problems.ts"

/** What a page of another origin may read besides the headers that any page may (Fetch standard, 3.2.5). */
const EXPOSED = ["ETag", "X-Request-Id", "Retry-After", "Allow", "Content-Disposition"]

/**
 * Cross-origin requests (Fetch standard, CORS protocol): only from the origin of `FRONTEND_URL`, compared whole,
 * and with cookies. Where page and API share an origin, as they do by default, no browser ever asks.
 */
export const crossOrigin = (config: Pick<Config, "frontendUrl">) => {
  const allowed = allowedOrigin(config)
  return cors({
    // A string here would also match behind any other scheme.
    origin: (request) => allowed !== null && request.headers.get("origin") === allowed,
    credentials: true,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "If-Match", "If-None-Match"],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  })
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
