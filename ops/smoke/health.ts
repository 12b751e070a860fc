import { ask, type Outside } from "./outside.ts"

/** What `/health` tells (server/health/shapes.ts), as far as operators' commands read it. */
export type Health = {
  status: "healthy" | "unhealthy"
  version: string
  timestamp: string
  uptime: number
  database: "connected" | "disconnected"
  smtp: "configured" | "not configured"
  checks: {
    database: { status: "up" | "down"; schema?: { status: string; applied: number; shipped: number } }
    mail: { status: string; waiting?: number; givenUp?: number; pausedSince?: string; reason?: string }
    disk: { status: "ok" | "low" | "unknown"; freeBytes?: number; totalBytes?: number }
    /** Absent where an older release answers. */
    backup?: { status: "ok" | "failed" | "old" | "not reported" | "unknown"; lastSuccessAt?: string | null }
  }
}

/** The database is away, so nothing that needs it can be tried. */
export class DatabaseAway extends Error {}

export async function checkLive(outside: Outside): Promise<string> {
  const answer = await ask(outside, outside.domains[0]!, "/health/live")
  const body = await answer.json().catch(() => null)
  if (answer.status !== 200 || body?.status !== "alive")
    throw new Error(`GET /health/live answered ${answer.status}${body ? "" : ", and no JSON"}.`)
  return "alive"
}

export async function checkHealth(outside: Outside): Promise<string> {
  const { status, health } = await readHealth(outside)
  if (health?.database === "disconnected")
    throw new DatabaseAway("The database is away: the server answers, and cannot reach it.")
  if (!health) throw new Error(`GET /health answered ${status}, and not with what Docket says of itself.`)
  if (status !== 200 || health.status !== "healthy")
    throw new Error(`GET /health answered ${status}: ${health.status}.`)
  return `healthy, version ${health.version}, up for ${health.uptime} s`
}

/** What the server says of itself; null if what answers is not Docket. */
export async function readHealth(
  outside: Outside,
): Promise<{ status: number; health: Health | null; date: string | null }> {
  const answer = await ask(outside, outside.domains[0]!, "/health")
  const body = (await answer.json().catch(() => null)) as Health | null
  const isHealth =
    typeof body?.status === "string" && typeof body.version === "string" && body.checks !== undefined
  return { status: answer.status, health: isHealth ? body : null, date: answer.headers.get("date") }
}
