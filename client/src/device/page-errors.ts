/** Tells the server of errors of this page, where it wants to know (`GET /api/instance`). Loaded when the first one comes. */

import { ApiProblem, NetworkFailure } from "../api/problem.ts"

/** Different errors that one page tells of, until it is loaded anew. */
const MOST = 10
const told = new Set<string>()

/** What `error` and `unhandledrejection` are told with. Never rejects: that would be the next one. */
export async function report(event: Event) {
  const error = event instanceof PromiseRejectionEvent ? event.reason : (event as ErrorEvent).error
  const found = error instanceof Error ? describe(error) : null
  if (!found || told.size >= MOST || told.has(found.key)) return
  told.add(found.key)
  try {
    // Not by the API's client: the fewer parts this needs, the fewer errors keep it from being loaded.
    const instance = await (await fetch("/api/instance")).json()
    if (!instance.pageErrors) return
    await fetch("/api/page-errors", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(found.report),
      keepalive: true,
    })
  } catch {
    // Without a network it stays in the console.
  }
}

/** Null for what is no fault: no network, or something of another origin, such as an extension of the browser. */
function describe(error: Error) {
  if (error instanceof NetworkFailure || !navigator.onLine) return null
  const calls = (error.stack ?? "").split("\n").filter((line) => /:\d+:\d+\)?$/.test(line))
  const [innermost = ""] = calls
  if (!innermost.includes(location.origin)) return null
  const stack = calls.slice(0, 20).map((call) => whole(call.replaceAll(location.origin, ""), 300))
  return {
    key: `${error.name} ${innermost}`,
    report: {
      type: whole(error.name, 100) || "Error",
      message: whole(error.message, 500),
      stack,
      path: whole(location.pathname, 200),
      release: import.meta.env.RELEASE,
      ...(error instanceof ApiProblem && typeof error.requestId === "string"
        ? { requestId: error.requestId }
        : {}),
    },
  }
}

/** At most so many characters, and no half of one. */
const whole = (text: string, most: number) => text.slice(0, most).toWellFormed().replaceAll("\0", "")
