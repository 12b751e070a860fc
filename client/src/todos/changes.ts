import { positionBetween } from "../../../server/lists/position-between.ts"
import type { Change, Todo } from "../sync/rows.ts"
import type { Sync } from "../sync/sync.ts"
import { uuidv7 } from "../sync/uuid.ts"

/** What people do to todos, as changes for `Sync.mutate`. */

export const TITLE_MAXIMUM = 500
export const NOTES_MAXIMUM = 20_000

export const edit = (id: string, fields: Partial<Todo>): Change[] => [{ entity: "todo", key: id, fields }]

export const complete = (id: string) => edit(id, { completedAt: new Date().toISOString() })
export const reopen = (id: string) => edit(id, { completedAt: null })
export const trash = (id: string) => edit(id, { trashedAt: new Date().toISOString() })
export const restore = (id: string) => edit(id, { trashedAt: null })

/** New todos at the top of a list, the first title first. */
export function add(
  sync: Sync,
  listId: string,
  titles: readonly string[],
  fields: Partial<Todo> = {},
): Change[] {
  let below = positionOf(sync, sync.openTodos(listId)[0])
  // Each goes above the one before, so the last title is made first.
  return titles.toReversed().map((title) => {
    below = positionBetween(null, below)
    return {
      entity: "todo",
      key: uuidv7(),
      fields: { ...fields, listId, title, position: below },
      creates: true,
    }
  })
}

/** To the place right before `before` in its list; to the end if that is null. */
export function place(sync: Sync, id: string, before: string | null): Change[] {
  const listId = sync.todo(id)?.listId
  if (listId === undefined || before === id) return []
  const ids = sync.openTodos(listId)
  const at = before === null ? ids.length : ids.indexOf(before)
  if (at < 0) return []
  const above = positionOf(sync, ids[at - 1] === id ? ids[at - 2] : ids[at - 1])
  return edit(id, { position: positionBetween(above, positionBelow(sync, ids, at, id, above)) })
}

/** To the top of another list. */
export const moveToList = (sync: Sync, id: string, listId: string): Change[] =>
  edit(id, { listId, position: positionBetween(null, positionOf(sync, sync.openTodos(listId)[0])) })

/** The first from `at` on that is greater than `above`, but for that of `id`; null at the end. */
function positionBelow(sync: Sync, ids: readonly string[], at: number, id: string, above: string | null) {
  // Two devices may have chosen the same position; there is no room between those, only after them.
  for (let below = at; below < ids.length; below++) {
    const position = positionOf(sync, ids[below])
    if (ids[below] !== id && (above === null || position! > above)) return position
  }
  return null
}

const positionOf = (sync: Sync, id: string | undefined) => (id && sync.todo(id)?.position) || null
