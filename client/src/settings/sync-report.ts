import { failures } from "../sync/failures.ts"
import { syncState, troublesOf } from "../sync/state.ts"
import type { Sync } from "../sync/sync.ts"
import { readStorage } from "./storage-facts.ts"

/**
 * How syncing stands on this device, as JSON for whoever helps: what waits is in it with its text, for it may have to be put
 * in again by hand. No token is: the page's own is not part of the sync, and the cookie cannot be read.
 */
export async function syncReport(sync: Sync, who: { account?: string; session?: string }) {
  const fault = sync.fault()
  return {
    writtenAt: new Date().toISOString(),
    page: document.querySelector<HTMLScriptElement>("script[type=module]")?.src,
    ...who,
    browser: navigator.userAgent,
    languages: navigator.languages,
    installed: matchMedia("(display-mode: standalone)").matches,
    online: navigator.onLine,
    state: syncState(sync),
    connection: sync.transportState(),
    troubles: troublesOf(sync),
    durable: sync.durable(),
    fault: fault && String(fault),
    storage: await readStorage(),
    ...sync.inspect(),
    failures: failures(),
  }
}
