import { createEffect, createRoot, on } from "solid-js"
import { remember, remembered } from "./remembered.ts"

const ASKED = "docket.asked-to-persist"
/** A browser that decides by how much the page is used may say yes another time; one that asks the person must not nag. */
const ASK_AGAIN = 30 * 24 * 60 * 60_000

/**
 * Asks the browser, once the person has changed something here, not to clear what the page stores when space is short
 * (docs/decisions/0016-service-worker.md). `unsent` is how many changes wait. Reactive, outside of components.
 */
export function persistOnChange(unsent: () => number) {
  createRoot((dispose) =>
    createEffect(
      on(unsent, (now, before = now) => {
        if (now <= before) return
        dispose()
        if (Date.now() - Number(remembered(ASKED)) > ASK_AGAIN) void persist()
      }),
    ),
  )
}

/** Whether the browser keeps what the page stores until the person clears it. */
export async function persist(): Promise<boolean> {
  remember(ASKED, `${Date.now()}`)
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false
}
