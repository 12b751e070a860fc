import { remember, remembered } from "../device/remembered.ts"

/** What failed on this device, for whoever helps with it. It never holds what was sent, nor who sent it. */
export type Failure = {
  /** A request of the sync, the event stream, or storing something here. */
  of: "sync" | "events" | "disk"
  what: string
  /** ISO 8601, by this device's clock. */
  first: string
  last: string
  count: number
}

const NAME = "docket.failures"
const MOST = 20
const LONGEST = 200

/** The latest, the newest first; also those of other tabs, and of before the page was opened. */
export function failures(): Failure[] {
  try {
    const kept: unknown = JSON.parse(remembered(NAME) ?? "[]")
    return Array.isArray(kept) ? kept.slice(0, MOST) : []
  } catch {
    return []
  }
}

/** Keeps it among the latest; the same again is counted. */
export function noteFailure(of: Failure["of"], error: unknown) {
  const what = describe(error)
  const now = new Date().toISOString()
  const known = failures()
  const same = known.find((failure) => failure.of === of && failure.what === what)
  const noted: Failure = { of, what, first: same?.first ?? now, last: now, count: (same?.count ?? 0) + 1 }
  const others = known.filter((failure) => failure !== same)
  remember(NAME, JSON.stringify([noted, ...others].slice(0, MOST)))
}

/** `request`, whose failure is kept among the latest; but for what was given up. */
export async function noting<T>(of: Failure["of"], request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if ((error as Error).name !== "AbortError") noteFailure(of, error)
    throw error
  }
}

export const forgetFailures = () => remember(NAME, null)

function describe(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return (cause instanceof Error ? `${message} ${cause.message}` : message).slice(0, LONGEST)
}
