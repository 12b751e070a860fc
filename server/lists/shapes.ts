import { type Static, t } from "elysia"
import { choice, text } from "../input-types.ts"

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
const position = t.String({ minLength: 1, maxLength: 200 })
const id = t.String({ format: "uuid" })
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
    cursor: t.Optional(t.String({ minLength: 1, maxLength: 2000 })),
  },
  { additionalProperties: false },
)

export type ListsQuery = Static<typeof listsQuery>

export const newList = t.Object(
  { id: t.Optional(id), name, colour: t.Optional(colour), position: t.Optional(position) },
  { additionalProperties: false },
)
export type NewList = Static<typeof newList>

export const listChange = t.Partial(t.Object({ name, colour, position }), {
  additionalProperties: false,
  minProperties: 1,
})
export type ListChange = Static<typeof listChange>
