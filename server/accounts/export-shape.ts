import { t } from "elysia"
import { listShape } from "../lists/shapes.ts"
import { todoShape } from "../todos/shapes.ts"
import { meShape } from "./shapes.ts"

const id = t.String({ format: "uuid" })
const moment = t.String({ format: "date-time" })
const exactly = { additionalProperties: false }

/** The document that an export is; it is written by hand (export.ts), since it may not fit into memory. */
export const exportShape = t.Object(
  {
    exportedAt: moment,
    account: meShape,
    sessions: t.Array(
      t.Object(
        {
          id,
          userAgent: t.String(),
          address: t.String(),
          createdAt: moment,
          lastUsedAt: moment,
          endedAt: t.Nullable(moment),
        },
        exactly,
      ),
    ),
    memberships: t.Array(
      t.Object({ listId: id, role: t.String(), position: t.String(), createdAt: moment }, exactly),
    ),
    lists: t.Array(t.Omit(listShape, ["role", "position"])),
    todos: t.Array(todoShape),
  },
  exactly,
)
