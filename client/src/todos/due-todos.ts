import type { Sync } from "../sync/sync.ts"

/** Whether a list's todos count among what is due: not when it was put away or deleted. */
const isActive = (sync: Sync, listId: string) => {
  const list = sync.list(listId)
  return list !== undefined && !list.archivedAt && !list.trashedAt
}

/** Open todos of active lists that are due on `date`, the most urgent first. Reactive. */
export const dueOn = (sync: Sync, date: string) =>
  sync.dueOn(date).filter((id) => isActive(sync, sync.todo(id)?.listId ?? ""))

/** The dates before `date` on which something is due, ascending. Reactive. */
export const datesBefore = (sync: Sync, date: string) => sync.dueDates().filter((due) => due < date)

/** What should have been done before `date`, the oldest first. Reactive. */
export const overdue = (sync: Sync, date: string) =>
  datesBefore(sync, date).flatMap((due) => dueOn(sync, due))

/** How many open todos are due on or before `date`. Reactive. */
export const countDueUntil = (sync: Sync, date: string) =>
  overdue(sync, date).length + dueOn(sync, date).length
