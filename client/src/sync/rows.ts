/** The nouns that are synced, as the API writes them. Timestamps are ISO 8601 in UTC, dates `YYYY-MM-DD`. */

export const COLOURS = [
  "grey",
  "red",
  "orange",
  "amber",
  "lime",
  "green",
  "teal",
  "cyan",
  "blue",
  "indigo",
  "purple",
  "pink",
] as const
export type Colour = (typeof COLOURS)[number]

export const PRIORITIES = ["none", "low", "medium", "high"] as const
export type Priority = (typeof PRIORITIES)[number]

export type List = {
  id: string
  name: string
  colour: Colour
  isInbox: boolean
  position: string
  archivedAt: string | null
  trashedAt: string | null
  createdAt: string
  updatedAt: string
}

export type Todo = {
  id: string
  listId: string
  title: string
  notes: string
  priority: Priority
  dueDate: string | null
  position: string
  completedAt: string | null
  trashedAt: string | null
  createdAt: string
  updatedAt: string
}

export type Rows = { list: List; todo: Todo }
export type Entity = keyof Rows
export type Row = List | Todo
/** A row as it came from the server or is drawn, with the noun it is of. */
export type Entry = { [E in Entity]: { entity: E; row: Rows[E] } }[Entity]

/**
 * A wish to change the row `key`: the fields that change, with their new values. A key that is not known yet
 * is created, and then needs every field that has no default.
 */
export type Change = { [E in Entity]: { entity: E; key: string; fields: Partial<Rows[E]> } }[Entity]

/** A change under way to the server. */
export type Op = Change & { id: string; creates: boolean }
