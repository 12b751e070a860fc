import type { Cursor, Gone, Refusal } from "./protocol.ts"
import type { Entry, Op } from "./rows.ts"

/** The form of `Queued` that this page writes. It reads those of earlier ones, and keeps those of later ones untouched. */
export const QUEUE_VERSION = 1

/** An op in the outbox. */
export type Queued = {
  op: Op
  version: number
  /** Where it stands in the order of all ops of this device: above that of every op that was known when it was made. */
  place: number
  /** When it was made, by this device's clock. Milliseconds. */
  madeAt: number
  /** When it was first about to be sent, or made to be sent at once, by the server's clock. Milliseconds. */
  attemptedAt?: number
  /** It was refused; kept until the person decides. */
  problem?: Refusal
  /** When the server said that it was done, by its clock. Milliseconds. Kept a day: a restored server has forgotten it. */
  doneAt?: number
}

/** What an answer of the server changes in what is held of it. */
export type Arrival = {
  epoch: string
  /** Values that changed. */
  cursor: Cursor
  /** Spaces of which everything goes first, the cursor too; `true`: all that is held. */
  clear: string[] | true
  rows: Entry[]
  gone: Gone[]
}

export type Held = {
  /** How many arrivals were written: who counted otherwise has not seen them all. */
  generation: number
  epoch: string | null
  cursor: Cursor
  queue: Queued[]
}

/** All of it or nothing: one transaction. */
export type Commit = {
  /** Ops that are new, or that changed. */
  queue?: Queued[]
  /** Ids of ops that are done with. */
  unqueue?: string[]
  arrival?: Arrival & {
    /** How many arrivals there were before this one. */
    after: number
    /** Where todos lay that `rows` has in another space, or that are now read last, or no longer. */
    moved: Pick<Gone, "entity" | "space" | "key">[]
  }
}

/** A list by its id, or the Inbox. */
export type SeenFirst = string | { inbox: true }

/** Where the engine keeps what must outlive the page: one account's rows and its outbox. */
export type Disk = {
  /** Whether it outlives the page. */
  durable: boolean
  load: () => Promise<Held>
  /** Lists, open todos and the profile; with `rest`, the todos that are completed or deleted. */
  rows: (rest: boolean) => Promise<Entry[]>
  /** What is no todo, and the first open todos of a list in their order: enough to draw a screen. */
  head?: (list: SeenFirst) => Promise<Entry[]>
  /** Rejects with `Overtaken` if someone else wrote an arrival in between, and else with what went wrong. */
  commit: (commit: Commit) => Promise<void>
  close: () => void
}

/** Another tab wrote what came from the server: what this one knows is older than what is on the disk. */
export class Overtaken extends Error {}

/** The disk cannot be had now: another tab, or the browser, does not let go of it. There is nothing wrong with it. */
export class Unavailable extends Error {}

/** Whether an entry is of the rows that are read last. */
export const isRest = (entry: Entry) =>
  entry.entity === "todo" && (entry.row.completedAt !== null || entry.row.trashedAt !== null)
