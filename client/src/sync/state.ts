import type { Sync } from "./sync.ts"
import type { TransportState } from "./transport.ts"

export type SyncState = "idle" | "saving" | "offline" | "signed-out" | "problem"

/** What a person should know of, beside ops that wait for them. */
export type Trouble =
  /** The browser lends no storage: what is not sent is gone when the page is closed. */
  | "not-kept"
  /** The disk is full, or failing: the latest changes are not on it yet. */
  | "disk"
  /** What was stored could not be read and was fetched anew. */
  | "mended"
  | Extract<TransportState, "outdated" | "ahead" | "failing">

/** How things stand between this device and the server. Reactive. */
export function syncState(sync: Sync): SyncState {
  const state = sync.transportState()
  if (state === "offline" || state === "signed-out") return state
  if (sync.refused().length > 0 || troublesOf(sync).length > 0) return "problem"
  return sync.unanswered() > 0 ? "saving" : "idle"
}

/** Reactive. */
export function troublesOf(sync: Sync): Trouble[] {
  const state = sync.transportState()
  return [
    ...(sync.durable() ? [] : ["not-kept" as const]),
    ...(sync.fault() ? ["disk" as const] : []),
    ...(sync.mended() ? ["mended" as const] : []),
    ...(state === "outdated" || state === "ahead" || state === "failing" ? [state] : []),
  ]
}
