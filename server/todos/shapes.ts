import { type Static, t } from "elysia"
import { cursor } from "../cursor-shape.ts"
import { choice, text } from "../input-types.ts"
import { newId, position } from "../lists/shapes.ts"

export const PRIORITIES = ["none", "low", "medium", "high"] as const
export const SORTS = [
  "position",
  "dueDate",
  "priority",
  "title",
  "createdAt",
  "updatedAt",
  "completedAt",
] as const

const id = t.String({ format: "uuid" })
const moment = t.String({ format: "date-time" })
const date = t.String({ format: "date" })
const title = text({ minLength: 1, maxLength: 500 })
const notes = text({ maxLength: 20_000 })
const priority = choice(PRIORITIES)

export const todoShape = t.Object(
  {
    id,
    listId: id,
    title,
    notes,
    priority,
    dueDate: t.Nullable(date),
    position,
    completedAt: t.Nullable(moment),
    trashedAt: t.Nullable(moment),
    rev: t.Integer({ minimum: 0 }),
    createdAt: moment,
    updatedAt: moment,
  },
  { additionalProperties: false },
)
export type Todo = Static<typeof todoShape>

export const todoPageShape = t.Object(
  { items: t.Array(todoShape), nextCursor: t.Nullable(t.String()) },
  { additionalProperties: false },
)
export type TodoPage = Static<typeof todoPageShape>

export const todoPath = t.Object({ id }, { additionalProperties: false })

export const todosQuery = t.Object(
  {
    listId: t.Optional(id),
    completed: t.Optional(t.BooleanString()),
    priority: t.Optional(
      t.String({
        pattern: "^(none|low|medium|high)(,(none|low|medium|high)){0,3}$",
        "x-code": "not-one-of",
        description: "Any of these, comma separated.",
      }),
    ),
    dueFrom: t.Optional(date),
    dueTo: t.Optional(date),
    text: t.Optional(text({ minLength: 1, maxLength: 200 })),
    trashed: t.Optional(t.BooleanString({ default: false })),
    sort: t.Optional(choice(SORTS, { default: "position" })),
    direction: t.Optional(choice(["ascending", "descending"], { default: "ascending" })),
    limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: t.Optional(cursor),
  },
  { additionalProperties: false },
)
export type TodosQuery = Static<typeof todosQuery>

export const newTodo = t.Object(
  {
    id: t.Optional(newId),
    listId: t.Optional(id),
    title,
    notes: t.Optional(notes),
    priority: t.Optional(priority),
    dueDate: t.Optional(t.Nullable(date)),
    position: t.Optional(position),
  },
  { additionalProperties: false },
)
export type NewTodo = Static<typeof newTodo>

export const todoChange = t.Partial(
  t.Object({ title, notes, listId: id, priority, dueDate: t.Nullable(date), position }),
  { additionalProperties: false, minProperties: 1 },
)
export type TodoChange = Static<typeof todoChange>

/** What `changeTodo` takes: a change, and the todo's states as moments, null for not being in one. */
export type TodoFields = TodoChange & { completedAt?: string | null; trashedAt?: string | null }
