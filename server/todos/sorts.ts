import type { Place } from "../cursors.ts"
import { isCalendarDate } from "../input-types.ts"
import { PRIORITIES, type SORTS, type TodosQuery } from "./shapes.ts"

/** What a listing is sorted by. Each has an index of its own (migrations/0002_lists_and_todos.sql). */
export type Sort = {
  /** The indexed expression. */
  key: string
  type: keyof typeof IS_VALUE
  /** Whether a todo may lack it; those that do come last, in both directions. */
  nullable: boolean
}

const SORT: Record<(typeof SORTS)[number], Sort> = {
  position: { key: "todos.position", type: "text", nullable: false },
  dueDate: { key: "todos.due_date", type: "date", nullable: true },
  priority: { key: "todos.priority", type: "priority", nullable: false },
  title: { key: 'left(fold(todos.title), 100) collate "C"', type: "text", nullable: false },
  createdAt: { key: "todos.created_at", type: "timestamptz", nullable: false },
  updatedAt: { key: "todos.updated_at", type: "timestamptz", nullable: false },
  completedAt: { key: "todos.completed_at", type: "timestamptz", nullable: true },
}

export const sortOf = (query: TodosQuery): Sort => SORT[query.sort ?? "position"]

/** In the order of all lists, a todo's place begins with its list's. */
export const isByList = (query: TodosQuery): boolean =>
  sortOf(query) === SORT.position && query.listId === undefined

/** Whether a cursor's values are of the types that the statement casts them to. */
export function isPlaceIn(query: TodosQuery, place: Place): boolean {
  const { type, nullable } = sortOf(query)
  const checks = isByList(query) ? [IS_VALUE.text, isUuid, IS_VALUE.text, isUuid] : [IS_VALUE[type], isUuid]
  return (
    place.length === checks.length &&
    place.every((value, index) =>
      value === null ? index === 0 && nullable : typeof value === "string" && checks[index]!(value),
    )
  )
}

const IS_VALUE = {
  text: (value: string) => /^[^\0]{0,200}$/u.test(value),
  date: isCalendarDate,
  priority: (value: string) => (PRIORITIES as readonly string[]).includes(value),
  timestamptz: (value: string) => !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value,
}

const isUuid = (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
