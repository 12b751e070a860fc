import type { Send } from "./outbox.ts"
import type { Entity, Entry } from "./rows.ts"

/** Which rows are asked for; the API's own names. */
export type Query = {
  listId?: string
  completed?: boolean
  trashed?: boolean
  text?: string
  sort?: "position" | "updatedAt" | "completedAt"
  direction?: "ascending" | "descending"
  limit?: number
}

export type Page = { entries: Entry[]; nextCursor: string | null }

/** The server, as far as syncing goes. */
export type Remote = {
  send: Send
  /** One page of rows. Rejects with what the API client throws. */
  page: (entity: Entity, query: Query, cursor: string | null) => Promise<Page>
}
