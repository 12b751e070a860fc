import { createContext, useContext } from "solid-js"
import type { Sync } from "./sync.ts"

export const SyncContext = createContext<Sync>()

/** The signed-in person's lists and todos. */
export function useSync(): Sync {
  const sync = useContext(SyncContext)
  if (!sync) throw new Error("useSync outside of Shell")
  return sync
}
