import type { Todo } from "./shapes.ts"

/** The columns of a todo, in the order of the rows that `todoOf` reads. */
export const COLUMNS = [
  "id",
  "list_id",
  "title",
  "notes",
  "priority",
  "due_date",
  "position",
  "completed_at",
  "trashed_at",
  "rev",
  "created_at",
  "updated_at",
]

export type TodoRow = (string | number | null)[]

/** Arrays cost the driver half of what objects do, and these are the most frequent reads. */
export function todoOf(row: TodoRow): Todo {
  return {
    id: row[0],
    listId: row[1],
    title: row[2],
    notes: row[3],
    priority: row[4],
    dueDate: row[5],
    position: row[6],
    completedAt: row[7],
    trashedAt: row[8],
    rev: row[9],
    createdAt: row[10],
    updatedAt: row[11],
  } as Todo
}
