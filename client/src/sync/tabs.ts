import type { Arrival, Queued } from "./disk.ts"
import type { QueueChange } from "./outbox.ts"
import type { TransportState } from "./transport.ts"

export type Message =
  /** `follows` is the op that waits before the first of these, for all that the teller knows. */
  | { kind: "queue"; change: QueueChange; follows?: string }
  /** All ops that the teller could not write. */
  | { kind: "unsaved"; queue: Queued[]; follows?: string }
  | {
      kind: "arrival"
      after: number
      generation: number
      /** What `arrival` comes upon, and what it is, where the disk did not take them (`Position.unwritten`). */
      follows: number | null
      unwritten: number | null
      arrival?: Arrival
      change: QueueChange
      loaded: boolean
    }
  | { kind: "state"; state: TransportState }
  /** The teller has read the disk, and asks for what that lacks. */
  | { kind: "hello" }
  | { kind: "retry" | "repair" | "mended" }

/**
 * The tabs of one browser that the same account is open in. The one that leads owns what exists once per device: the
 * requests and the event stream. All of them write the outbox, and tell each other what they wrote.
 */
export type Tabs = {
  /** Calls `lead` once this tab is the one; at once when there is no other. It leads for as long as it is open. */
  lead: (lead: () => void) => void
  /** To all other tabs. */
  tell: (message: Message) => void
  /** Calls `hear` with what others tell. */
  listen: (hear: (message: Message) => void) => void
  close: () => void
}

/**
 * By a Web Lock and a BroadcastChannel. A tab waits in the lock's queue, so when the one that leads is closed, crashes or
 * is put to sleep, the next leads at once. Web Locks exist in secure contexts only: without them every tab leads, and
 * the disk's generation keeps them from overwriting each other.
 */
export function browserTabs(name: string): Tabs {
  const channel = new BroadcastChannel(name)
  const closed = new AbortController()
  const untilClosed = new Promise<void>((resolve) => closed.signal.addEventListener("abort", () => resolve()))
  return {
    lead(lead) {
      if (!navigator.locks) return lead()
      navigator.locks
        .request(name, { signal: closed.signal }, () => {
          lead()
          return untilClosed
        })
        .catch((error) => {
          // Closed while it waited.
          if (!closed.signal.aborted) throw error
        })
    },
    tell: (message) => {
      if (!closed.signal.aborted) channel.postMessage(message)
    },
    listen(hear) {
      channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data)
    },
    close() {
      closed.abort()
      channel.close()
    },
  }
}
