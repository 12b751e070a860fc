import type { Entity, Entry, Op } from "./rows.ts"

/** What goes over the wire at `POST /api/sync` (docs/sync.md). */

/** The protocol's version that this page speaks. */
export const PROTOCOL = 1

/** Most ops that one request may carry, and bytes of JSON that its ops may make up: 1 MiB, less room for the cursor. */
export const OPS_MAXIMUM = 200
export const BYTES_MAXIMUM = 700_000

/** Space id → how far it was read. Only the server knows how to read the value. */
export type Cursor = Record<string, string>

export type SyncRequest = { v: number; epoch: string | null; cursor: Cursor; ops: Op[] }

/** Why an op was refused, by a stable code. */
export type Refusal = { code: string; title?: string; detail?: string }

/** A row that left a space: deleted for good, or moved to another. */
export type Gone = { space: string; entity: Entity; key: string; rev: number }

export type SyncAnswer = {
  v: number
  /** Of the database; another one has another history, so nothing that was read of the one before counts. */
  epoch: string
  /** The server's clock. ISO 8601. */
  now: string
  /** One for each op that was sent, in order. */
  acks: { id: string; problem?: Refusal }[]
  changes: Entry[]
  gone: Gone[]
  /** Of the spaces whose value changed. */
  cursor: Cursor
  /** Spaces of the cursor that the account is no member of. */
  drop: string[]
  /** Spaces of which everything that is held goes before `changes` come. */
  reset: string[]
  /** There is another page. */
  more: boolean
}

/** What an event stream tells: that there is something to pull, never what. */
export type News = { space: string; rev: number } | null
