import { Problem } from "./problems.ts"

/** What the table needs of one of Elysia's routes. */
type Registered = {
  method: string
  path: string
  hooks: { body?: unknown; query?: unknown; params?: unknown }
}

/**
 * The routes by method and path, for what Elysia does not answer by itself: which methods a path has
 * (RFC 9110, 15.5.6), and what a route was promised to be sent. Filled once, when every route is registered.
 */
export class RouteTable {
  private readonly byKey = new Map<string, Registered>()
  private readonly methods = new Map<string, Set<string>>()

  fill(routes: readonly Registered[]) {
    for (const route of routes) {
      // The answers to preflights and the page's files catch every path and say nothing of what exists.
      if (route.method === "OPTIONS" || route.path.endsWith("*")) continue
      this.byKey.set(`${route.method} ${route.path}`, route)
      const pattern = withoutSlash(route.path)
      const methods = this.methods.get(pattern) ?? new Set(["OPTIONS"])
      methods.add(route.method)
      if (route.method === "GET") methods.add("HEAD")
      this.methods.set(pattern, methods)
    }
  }

  /** The route registered with `pattern`, as Elysia names it. */
  find(method: string, pattern: string): Registered | undefined {
    return this.byKey.get(`${method === "HEAD" ? "GET" : method} ${pattern}`)
  }

  /** The methods that `path` has, as the `Allow` header lists them; null when it has none. */
  allowed(path: string): string | null {
    const found = new Set<string>()
    const segments = withoutSlash(path).split("/")
    for (const [pattern, methods] of this.methods) {
      if (matches(pattern.split("/"), segments)) for (const method of methods) found.add(method)
    }
    return found.size === 0 ? null : [...found].sort().join(", ")
  }

  /** The problem of a request that no route answers. */
  refusal(path: string): Problem {
    const allowed = this.allowed(path)
    return allowed === null ? Problem.routeNotFound() : Problem.methodNotAllowed(allowed)
  }
}

const matches = (pattern: string[], segments: string[]) =>
  pattern.length === segments.length &&
  pattern.every((part, index) => (part.startsWith(":") ? segments[index] !== "" : part === segments[index]))

/** Elysia answers with and without a slash at the end. */
export const withoutSlash = (path: string) =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
