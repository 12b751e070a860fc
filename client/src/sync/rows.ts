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
  role: "owner" | "editor" | "viewer"
  rev: number
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
  rev: number
  createdAt: string
  updatedAt: string
}

/** What a person chose about themselves; its id is the account's. */
export type Profile = {
  id: string
  name: string
  language: string
  timeZone: string
  theme: string
  rev: number
}

export type Rows = { list: List; todo: Todo; profile: Profile }
export type Entity = keyof Rows
export type Row = Rows[Entity]
/** A row as it came from the server or is drawn, with the noun it is of. */
export type Entry = { [E in Entity]: { entity: E; row: Rows[E] } }[Entity]

/**
 * A wish to change the row `key`: the fields that change, with their new values; or to create it, which needs every
 * field that has no default. Whether a row is in memory tells nothing of that: a disk that was lost leaves none there.
 */
export type Change = {
  [E in Entity]: { entity: E; key: string; fields: Partial<Rows[E]>; creates?: true }
}[Entity]

/** A change under way to the server; `id` makes it the same op however often it is sent. */
export type Op = Change & { id: string }

/**
 * The space that a row is synced with: a list with its todos, or an account with its profile. A space has the id of
 * what it holds (docs/architecture.md, "Spaces and revs").
 */
export const spaceOf = ({ entity, row }: Entry) => (entity === "todo" ? row.listId : row.id)
