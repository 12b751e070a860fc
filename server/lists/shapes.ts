import { type Static, t } from "elysia"
import { cursor } from "../cursor-shape.ts"
import { choice, text } from "../input-types.ts"
import { POSITION_MAXIMUM, POSITION_PATTERN } from "./ordering.ts"

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

const colour = choice(COLOURS)
const name = text({ minLength: 1, maxLength: 100 })
const id = t.String({ format: "uuid" })

/** The id of something new, when the caller makes it: a UUIDv7 (RFC 9562), so that rows are stored as they come. */
export const newId = t.String({
  pattern: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
  "x-code": "not-a-uuid",
  description: "A UUIDv7.",
})

export const position = t.String({
  maxLength: POSITION_MAXIMUM,
  pattern: POSITION_PATTERN,
  "x-code": "not-an-order",
  description: "A fractional index in base 62, compared as bytes; equal ones are ordered by id.",
})
const moment = t.String({ format: "date-time" })

export const listShape = t.Object(
  {
    id,
    name,
    colour,
    isInbox: t.Boolean(),
    position,
    archivedAt: t.Nullable(moment),
    trashedAt: t.Nullable(moment),
    role: choice(["owner", "editor", "viewer"]),
    rev: t.Integer({ minimum: 0 }),
    createdAt: moment,
    updatedAt: moment,
  },
  { additionalProperties: false },
)
export type List = Static<typeof listShape>

export const listPageShape = t.Object(
  { items: t.Array(listShape), nextCursor: t.Nullable(t.String()) },
  { additionalProperties: false },
)

export const listPath = t.Object({ id }, { additionalProperties: false })

export const listsQuery = t.Object(
  {
    archived: t.Optional(t.BooleanString()),
    trashed: t.Optional(t.BooleanString({ default: false })),
    limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 100 })),
    cursor: t.Optional(cursor),
  },
  { additionalProperties: false },
)

export type ListsQuery = Static<typeof listsQuery>

export const newList = t.Object(
  { id: t.Optional(newId), name, colour: t.Optional(colour), position: t.Optional(position) },
  { additionalProperties: false },
)
export type NewList = Static<typeof newList>

export const listChange = t.Partial(t.Object({ name, colour, position }), {
  additionalProperties: false,
  minProperties: 1,
})
export type ListChange = Static<typeof listChange>

/** What `changeList` takes: a change, and the list's states as moments, null for not being in one. */
export type ListFields = ListChange & { archivedAt?: string | null; trashedAt?: string | null }
