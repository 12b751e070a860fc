import { type Static, t } from "elysia"
import { meShape, profileChange } from "../accounts/shapes.ts"
import { choice, text } from "../input-types.ts"
import { listChange, listShape, newId, newList } from "../lists/shapes.ts"
import { newTodo, todoChange, todoShape } from "../todos/shapes.ts"

/** Versions of the protocol that are answered: this one, and those of pages that a service worker still serves. */
export const VERSIONS = { oldest: 1, newest: 1 }
/** Ops in one push. */
export const MOST_OPS = 200
/** Spaces in one cursor: an account has at most 1,000 lists, and may have left as many. */
export const MOST_SPACES = 2000

const exactly = { additionalProperties: false }
const id = t.String({ format: "uuid" })
const moment = t.String({ format: "date-time" })
const state = t.Optional(t.Nullable(t.String({ format: "moment", "x-code": "not-a-moment" })))
const spaceId = t.String({ pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" })

export const opShape = t.Object(
  {
    id: newId,
    entity: text({ maxLength: 40, description: "`todo`, `list` or `profile`." }),
    key: id,
    creates: t.Optional(t.Literal(true)),
    fields: t.Object(
      {},
      { additionalProperties: true, description: "The fields that change, and their new values." },
    ),
  },
  exactly,
)
export type Op = Static<typeof opShape>

/** What `fields` may hold, for each entity: in a change, and in an op that creates. */
export const FIELDS = {
  todo: {
    change: t.Partial(t.Object({ ...todoChange.properties, completedAt: state, trashedAt: state }), {
      ...exactly,
      minProperties: 1,
    }),
    creation: t.Object(
      { ...t.Omit(newTodo, ["id"]).properties, completedAt: state, trashedAt: state },
      exactly,
    ),
  },
  list: {
    change: t.Partial(t.Object({ ...listChange.properties, archivedAt: state, trashedAt: state }), {
      ...exactly,
      minProperties: 1,
    }),
    creation: t.Object(
      { ...t.Omit(newList, ["id"]).properties, archivedAt: state, trashedAt: state },
      exactly,
    ),
  },
  profile: { change: t.Composite([profileChange], { ...exactly, minProperties: 1 }) },
}
export type TodoCreation = Static<typeof FIELDS.todo.creation>
export type TodoChanges = Static<typeof FIELDS.todo.change>
export type ListCreation = Static<typeof FIELDS.list.creation>
export type ListChanges = Static<typeof FIELDS.list.change>
export type ProfileChanges = Static<typeof FIELDS.profile.change>

export const syncRequest = t.Object(
  {
    v: t.Integer({ description: "The version of this protocol that the caller speaks." }),
    epoch: t.Nullable(id, { description: "Of the last answer; null at first." }),
    cursor: t.Record(spaceId, text({ maxLength: 300 }), {
      additionalProperties: false,
      maxProperties: MOST_SPACES,
      description: "How far each space has been read: what the answers' cursors said, put together.",
    }),
    ops: t.Array(opShape, { maxItems: MOST_OPS }),
  },
  exactly,
)
export type SyncRequest = Static<typeof syncRequest>

const problem = t.Object(
  {
    code: t.String(),
    title: t.String(),
    detail: t.Optional(t.String()),
    errors: t.Optional(t.Array(t.Object({ path: t.String(), code: t.String(), message: t.String() }))),
  },
  exactly,
)
export type OpProblem = Static<typeof problem>

const ack = t.Object({ id, problem: t.Optional(problem) }, exactly)
export type Ack = Static<typeof ack>

const profile = t.Composite([
  t.Pick(meShape, ["id", "name", "language", "timeZone", "theme"]),
  t.Object({ rev: t.Integer({ minimum: 0 }) }),
])
export type Profile = Static<typeof profile>

const change = t.Union([
  t.Object({ entity: t.Literal("todo"), row: todoShape }, exactly),
  t.Object({ entity: t.Literal("list"), row: listShape }, exactly),
  t.Object({ entity: t.Literal("profile"), row: profile }, exactly),
])
export type Change = Static<typeof change>

const gone = t.Object({ space: id, entity: choice(["todo"]), key: id, rev: t.Integer() }, exactly)
export type Gone = Static<typeof gone>

export const syncAnswer = t.Object(
  {
    v: t.Integer(),
    epoch: id,
    now: moment,
    acks: t.Array(ack),
    changes: t.Array(change),
    gone: t.Array(gone),
    cursor: t.Record(id, t.String()),
    drop: t.Array(id),
    reset: t.Array(id),
    more: t.Boolean(),
  },
  exactly,
)
export type SyncAnswer = Static<typeof syncAnswer>
