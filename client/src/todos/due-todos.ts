import { createMemo, mapArray, untrack } from "solid-js"
import type { Sync } from "../sync/sync.ts"

/** Whether a list's todos count among what is due: not when it was put away or deleted. */
const isActive = (sync: Sync, listId: string) => {
  const list = sync.list(listId)
  return list !== undefined && !list.archivedAt && !list.trashedAt
}

/** Open todos of active lists that are due on `date`, the most urgent first. Reactive. */
export function dueOn(sync: Sync, date: string): string[] {
  // The day's index tells of a todo that moves to another list, so only the lists need watching, each once.
  const active = new Map<string, boolean>()
  return sync.dueOn(date).filter((id) => {
    const listId = untrack(() => sync.todo(id))?.listId ?? ""
    let shown = active.get(listId)
    if (shown === undefined) {
      shown = isActive(sync, listId)
      active.set(listId, shown)
    }
    return shown
  })
}

/** What should have been done before `date`, the oldest first. Reactive. */
export const overdue = (sync: Sync, date: string) =>
  sync
    .dueDates()
    .filter((due) => due < date)
    .flatMap((due) => dueOn(sync, due))

/** How many open todos are due on or before `date`; 0 until all of them were read. Each day is counted when it changes. */
export function createDueCount(sync: Sync, date: () => string): () => number {
  const days = mapArray(
    () => sync.dueDates().filter((due) => due <= date()),
    (due) => createMemo(() => dueOn(sync, due).length),
  )
  return createMemo(() => (sync.begun() ? 0 : days().reduce((sum, count) => sum + count(), 0)))
}
