import type { HasField, Route, RouteWithSrc } from "@vercel/routing-utils"

/** What Vercel would do with a request. */
export type Walked = {
  status: number
  /** A path of a static file, or a URL elsewhere; null where only a status is left. */
  served: string | null
  /** Of the answer, with lower-case names. A rewrite elsewhere adds its own. */
  headers: Record<string, string>
  /** Sent along with a rewrite elsewhere besides what the caller sent, as written before variables are filled in. */
  sent: Record<string, string>
}

type Asked = { url: string; headers?: Record<string, string> }

/**
 * Walks `routes` as the documentation of Vercel's Build Output API and the development server of its command describe
 * it: everything before the first `handle`, then static files, then what follows `filesystem`; `hit` for a file that
 * was found, `error` for what is nowhere. Knows what our routes use, and throws at anything else.
 */
export function walkRoutes(routes: Route[], files: Set<string>, { url, headers = {} }: Asked): Walked {
  const { pathname, search } = new URL(url, "https://page.invalid")
  const walked: Walked = { status: 200, served: null, headers: {}, sent: {} }
  const phases = phasesOf(routes)
  const found = (path: string) => {
    for (const route of phases.hit ?? []) follow(route, path, headers, walked)
    return { ...walked, served: path }
  }
  for (const route of phases.start ?? []) {
    if (follow(route, pathname, headers, walked)) throw new Error(`${route.src} ends before static files`)
  }
  const file = pathname.endsWith("/") ? `${pathname}index.html` : pathname
  if (files.has(file)) return found(file)
  for (const route of phases.filesystem ?? []) {
    const destination = follow(route, pathname, headers, walked)
    if (!destination) continue
    if (URL.canParse(destination)) return elsewhere(route, destination + search, walked)
    if (files.has(destination)) return found(destination)
  }
  for (const route of phases.error ?? []) {
    const destination = follow(route, pathname, headers, walked)
    if (destination) return { ...walked, status: route.status ?? 404, served: destination }
  }
  return { ...walked, status: 404 }
}

const KNOWN = new Set(["src", "dest", "headers", "continue", "check", "status", "has", "transforms"])

function phasesOf(routes: Route[]): Record<string, RouteWithSrc[]> {
  const phases: Record<string, RouteWithSrc[]> = { start: [] }
  let phase = "start"
  for (const route of routes) {
    if ("handle" in route) {
      phase = route.handle
      phases[phase] = []
      continue
    }
    const strange = Object.keys(route).find((member) => !KNOWN.has(member))
    if (strange) throw new Error(`walkRoutes does not know "${strange}"`)
    phases[phase]!.push(route as RouteWithSrc)
  }
  return phases
}

/** Applies `route` if it is for this request. Returns where it leads, captures filled in. */
function follow(
  route: RouteWithSrc,
  path: string,
  asked: Record<string, string>,
  walked: Walked,
): string | null {
  // Vercel matches without regard to case unless a route says `caseSensitive`.
  const match = new RegExp(route.src, "i").exec(path)
  if (!match || !(route.has ?? []).every((condition) => holds(condition, asked))) return null
  for (const [name, value] of Object.entries(route.headers ?? {})) walked.headers[name.toLowerCase()] = value
  if (!route.dest) return null
  return route.dest.replace(/\$(\d)/g, (_, index: string) => match[Number(index)] ?? "")
}

function holds(condition: HasField[number], asked: Record<string, string>): boolean {
  if (condition.type !== "header" || typeof condition.value !== "string")
    throw new Error("walkRoutes knows conditions on headers alone")
  const given = asked[condition.key.toLowerCase()]
  return given !== undefined && new RegExp(`^${condition.value}$`).test(given)
}

function elsewhere(route: RouteWithSrc, served: string, walked: Walked): Walked {
  const sent: Record<string, string> = {}
  for (const { type, op, ...transform } of route.transforms ?? []) {
    if (type !== "request.headers" || op !== "set" || !("target" in transform))
      throw new Error("walkRoutes knows request headers that are set alone")
    sent[String(transform.target.key)] = String(transform.args)
  }
  return { ...walked, served, sent }
}
