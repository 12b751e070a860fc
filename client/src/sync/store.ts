import { batch, createSignal, getListener, type Setter, type Signal } from "solid-js"
import type { Arrival, Queued } from "./disk.ts"
import type { Gone } from "./protocol.ts"
import type { Change, Entity, Entry, List, Profile, Row, Rows, Todo } from "./rows.ts"
import { PRIORITIES, spaceOf } from "./rows.ts"
import { createSortedBuckets, type SortedBuckets } from "./sorted-buckets.ts"

export type Store = ReturnType<typeof createStore>

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byPosition = (a: List | Todo, b: List | Todo) =>
  ascending(a.position, b.position) || ascending(a.id, b.id)
const latestFirst = (moment: (row: never) => string | null) => (a: Row, b: Row) =>
  ascending(moment(b as never) ?? "", moment(a as never) ?? "") || ascending(b.id, a.id)
const byPriority = (a: Todo, b: Todo) =>
  PRIORITIES.indexOf(b.priority) - PRIORITIES.indexOf(a.priority) || byPosition(a, b)
const isOpen = (todo: Todo) => !todo.completedAt && !todo.trashedAt

/** The one bucket of an index that has no more. */
const ALL = ""

/** What is known of one noun. */
type Table<R extends Row> = {
  /** Rows as they are drawn. */
  seen: Map<string, R>
  /** Rows as the server has them, of those alone that have pending ops: all others are as they are drawn. */
  base: Map<string, R | undefined>
  /** Ops that the server has not answered, in the order in which they are replayed. */
  pending: Map<string, Queued[]>
  /** Of the rows that are being looked at. */
  signals: Map<string, Signal<R | undefined>>
  /** Keys whose row may be another since the last publishing. */
  dirty: Set<string>
  indexes: SortedBuckets<R>[]
}

/**
 * What the page draws from: rows in plain maps, indexes that are kept, a signal for each row that is being looked at.
 * What is seen of a row is what the server has of it with the ops that it has not answered yet applied in order.
 */
export function createStore() {
  const lists = {
    active: createSortedBuckets<List>({
      bucketOf: (list) => (list.archivedAt || list.trashedAt || list.isInbox ? null : ALL),
      compare: byPosition,
    }),
    archived: createSortedBuckets<List>({
      bucketOf: (list) => (list.archivedAt && !list.trashedAt ? ALL : null),
      compare: latestFirst((list: List) => list.archivedAt),
    }),
    trashed: createSortedBuckets<List>({
      bucketOf: (list) => (list.trashedAt ? ALL : null),
      compare: latestFirst((list: List) => list.trashedAt),
    }),
    inbox: createSortedBuckets<List>({
      bucketOf: (list) => (list.isInbox ? ALL : null),
      compare: byPosition,
    }),
  }
  const todos = {
    open: createSortedBuckets<Todo>({
      bucketOf: (todo) => (isOpen(todo) ? todo.listId : null),
      compare: byPosition,
    }),
    completed: createSortedBuckets<Todo>({
      bucketOf: (todo) => (todo.completedAt && !todo.trashedAt ? todo.listId : null),
      compare: latestFirst((todo: Todo) => todo.completedAt),
    }),
    due: createSortedBuckets<Todo>({
      bucketOf: (todo) => (isOpen(todo) ? todo.dueDate : null),
      compare: byPriority,
      // A day's readers leave out what is in a list that was put away.
      matters: (before, after) => before.listId !== after.listId,
    }),
    trashed: createSortedBuckets<Todo>({
      bucketOf: (todo) => (todo.trashedAt ? ALL : null),
      compare: latestFirst((todo: Todo) => todo.trashedAt),
    }),
  }
  const tables: { [E in Entity]: Table<Rows[E]> } = {
    list: createTable<List>(Object.values(lists)),
    todo: createTable<Todo>(Object.values(todos)),
    profile: createTable<Profile>([]),
  }
  const tableOf = (entity: Entity) => tables[entity] as unknown as Table<Row>

  /** The row as it is drawn. Reactive. */
  function read<E extends Entity>(entity: E, key: string): Rows[E] | undefined {
    const { seen, signals } = tables[entity]
    if (!getListener()) return seen.get(key)
    let signal = signals.get(key)
    if (!signal) {
      signal = createSignal<Rows[E] | undefined>(seen.get(key))
      signals.set(key, signal)
    }
    return signal[0]()
  }

  /** The row as the server has it. */
  const known = ({ seen, base }: Table<Row>, key: string) => (base.has(key) ? base.get(key) : seen.get(key))

  /** Every row as the server has it. */
  function* everyKnown(): Generator<Entry> {
    for (const entity of ["profile", "list", "todo"] as const) {
      const table = tableOf(entity)
      for (const key of new Set([...table.seen.keys(), ...table.base.keys()])) {
        const row = known(table, key)
        if (row) yield { entity, row } as Entry
      }
    }
  }

  function setBase(table: Table<Row>, key: string, row: Row | undefined) {
    table.base.set(key, row)
    table.dirty.add(key)
  }

  /** Shows what the server has of a row with what is pending on it. */
  function replay(table: Table<Row>, key: string) {
    const before = table.seen.get(key)
    let after = known(table, key)
    const pending = table.pending.get(key)
    for (const queued of pending ?? []) after = apply(after, queued)
    if (!pending) table.base.delete(key)
    if (before === after) return
    if (after) table.seen.set(key, after)
    else table.seen.delete(key)
    for (const index of table.indexes) index.replace(before, after)
    ;(table.signals.get(key)?.[1] as Setter<Row | undefined> | undefined)?.(() => after)
  }

  /** Runs `change`, then lets every reader see all of it at once. */
  function publishing<T>(change: () => T): T {
    return batch(() => {
      const result = change()
      for (const table of Object.values(tables) as unknown as Table<Row>[]) {
        for (const key of table.dirty) replay(table, key)
        table.dirty.clear()
        for (const index of table.indexes) index.publish()
      }
      return result
    })
  }

  return {
    list: (key: string) => read("list", key),
    todo: (key: string) => read("todo", key),
    profile: (key: string) => read("profile", key),
    /** Lists in the person's order, without the Inbox, the archived and the trashed. */
    lists: () => lists.active.ids(ALL),
    archivedLists: () => lists.archived.ids(ALL),
    trashedLists: () => lists.trashed.ids(ALL),
    inboxId: (): string | undefined => lists.inbox.ids(ALL)[0],
    /** In the person's order. */
    openTodos: (listId: string) => todos.open.ids(listId),
    /** The latest completed first. */
    completedTodos: (listId: string) => todos.completed.ids(listId),
    /** Open todos due on `date`, the most urgent first. */
    dueOn: (date: string) => todos.due.ids(date),
    /** The dates on which open todos are due, ascending. */
    dueDates: () => todos.due.names(),
    trashedTodos: () => todos.trashed.ids(ALL),
    /** Every todo, in no order. Not reactive: for a search, which reads all of them anyway. */
    everyTodo: () => tables.todo.seen.values(),

    /** Runs changes of the store, then lets every reader see all of them at once. */
    publishing,
    everyKnown,
    isKnown: (entity: Entity, key: string) => known(tableOf(entity), key) !== undefined,

    /** What would undo a change, were it made now: a creation the trash, an edit of what is not in memory nothing. */
    inverse({ entity, key, fields, creates }: Change, now: number): Change[] {
      const undo = (before: object) => [{ entity, key, fields: before } as Change]
      if (creates) return undo({ trashedAt: new Date(now).toISOString() })
      const row = tableOf(entity).seen.get(key)
      return row
        ? undo(Object.fromEntries(Object.keys(fields).map((name) => [name, row[name as keyof Row]])))
        : []
    },

    /** Shows ops on top of what the server has. Inside of `publishing`. */
    queue(entries: readonly Queued[]) {
      for (const entry of entries) {
        const table = tableOf(entry.op.entity)
        const { key } = entry.op
        if (!table.base.has(key)) table.base.set(key, table.seen.get(key))
        table.pending.set(key, [...(table.pending.get(key) ?? []), entry].sort(byPlace))
        table.dirty.add(key)
      }
    },

    /** Takes ops away: the server has answered them. Inside of `publishing`. */
    unqueue(entries: readonly Queued[]) {
      for (const { op } of entries) {
        const table = tableOf(op.entity)
        const left = table.pending.get(op.key)?.filter((other) => other.op.id !== op.id) ?? []
        if (left.length > 0) table.pending.set(op.key, left)
        else table.pending.delete(op.key)
        table.dirty.add(op.key)
      }
    },

    /**
     * What the server has now. A row's rev only grows, so one that is not newer than what is known is passed over. Returns
     * what of it was news, and where todos were before. Inside of `publishing`.
     */
    receive({ clear, rows, gone }: Pick<Arrival, "clear" | "rows" | "gone">) {
      if (clear === true || clear.length > 0) {
        for (const entry of everyKnown()) {
          if (clear === true || clear.includes(spaceOf(entry)))
            setBase(tableOf(entry.entity), entry.row.id, undefined)
        }
      }
      const moved: Pick<Gone, "entity" | "space" | "key">[] = []
      const news = rows.filter((entry) => {
        const table = tableOf(entry.entity)
        const before = known(table, entry.row.id)
        if (before && before.rev >= entry.row.rev) return false
        if (entry.entity === "todo" && before && liesElsewhere(before as Todo, entry.row))
          moved.push({ entity: "todo", space: (before as Todo).listId, key: entry.row.id })
        setBase(table, entry.row.id, entry.row)
        return true
      })
      const left = gone.filter(({ entity, space, key, rev }) => {
        const row = known(tableOf(entity), key)
        if (!row || row.rev >= rev || spaceOf({ entity, row } as Entry) !== space) return false
        setBase(tableOf(entity), key, undefined)
        return true
      })
      return { rows: news, gone: left, moved }
    },
  }
}

/** Whether the disk keeps these states of a todo in two places. */
const liesElsewhere = (before: Todo, after: Todo) =>
  before.listId !== after.listId || isOpen(before) !== isOpen(after)

const createTable = <R extends Row>(indexes: SortedBuckets<R>[]): Table<R> => ({
  seen: new Map(),
  base: new Map(),
  pending: new Map(),
  signals: new Map(),
  dirty: new Set(),
  indexes,
})

/** The order of all ops of this device: that in which they are replayed, and sent. */
export const byPlace = (a: Queued, b: Queued) => a.place - b.place || ascending(a.op.id, b.op.id)

function apply(row: Row | undefined, { op, madeAt }: Queued): Row | undefined {
  if (row) return { ...row, ...op.fields } as Row
  return op.creates ? ({ ...blank(op.entity, madeAt), ...op.fields, id: op.key } as Row) : undefined
}

/** What the server gives a new row that says no more. */
function blank(entity: Entity, madeAt: number) {
  const now = new Date(madeAt).toISOString()
  const common = { trashedAt: null, rev: 0, createdAt: now, updatedAt: now }
  return entity === "list"
    ? { ...common, colour: "grey", isInbox: false, archivedAt: null, role: "owner" }
    : { ...common, notes: "", priority: "none", dueDate: null, completedAt: null }
}
