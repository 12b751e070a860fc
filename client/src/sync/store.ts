import { batch, createSignal, getListener, type Setter, type Signal } from "solid-js"
import type { Change, Entity, Entry, List, Op, Row, Rows, Todo } from "./rows.ts"
import { PRIORITIES } from "./rows.ts"
import { createSortedBuckets } from "./sorted-buckets.ts"

export type Store = ReturnType<typeof createStore>

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byPosition = (a: Row, b: Row) => ascending(a.position, b.position) || ascending(a.id, b.id)
const latestFirst = (moment: (row: never) => string | null) => (a: Row, b: Row) =>
  ascending(moment(b as never) ?? "", moment(a as never) ?? "") || ascending(b.id, a.id)
const byPriority = (a: Todo, b: Todo) =>
  PRIORITIES.indexOf(b.priority) - PRIORITIES.indexOf(a.priority) || byPosition(a, b)
const isOpen = (todo: Todo) => !todo.completedAt && !todo.trashedAt

/** The one bucket of an index that has no more. */
const ALL = ""

/**
 * What the page draws from: rows in plain maps, indexes that are kept, a signal for each row that is being looked at.
 *
 * What is seen of a row is what the server has of it (`base`) with the ops that it has not answered yet applied in
 * order. `base` holds only rows that have such ops; for all others what is seen is what the server has.
 */
export function createStore() {
  const seen = { list: new Map<string, List>(), todo: new Map<string, Todo>() }
  const base = new Map<string, Row | undefined>()
  const pending = new Map<string, Op[]>()
  const signals = new Map<string, Signal<Row | undefined>>()
  const [unanswered, setUnanswered] = createSignal(0)

  const indexes = {
    list: {
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
    },
    todo: {
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
    },
  }

  /** The row as it is drawn. Reactive. */
  function read<E extends Entity>(entity: E, key: string): Rows[E] | undefined {
    const rows = seen[entity] as Map<string, Rows[E]>
    if (!getListener()) return rows.get(key)
    let signal = signals.get(key)
    if (!signal) {
      signal = createSignal<Row | undefined>(rows.get(key))
      signals.set(key, signal)
    }
    return signal[0]() as Rows[E] | undefined
  }

  function show<E extends Entity>(entity: E, key: string, after: Rows[E] | undefined) {
    const rows = seen[entity] as Map<string, Rows[E]>
    const before = rows.get(key)
    if (before === after) return
    if (after) rows.set(key, after)
    else rows.delete(key)
    for (const index of Object.values(indexes[entity])) {
      ;(index.replace as (before?: Rows[E], after?: Rows[E]) => void)(before, after)
    }
    ;(signals.get(key)?.[1] as Setter<Row | undefined> | undefined)?.(() => after)
  }

  function replay(entity: Entity, key: string) {
    const ops = pending.get(key)
    let row = base.get(key)
    for (const op of ops ?? []) row = apply(row, op)
    show(entity, key, row as never)
    if (ops) return
    base.delete(key)
  }

  function settle(op: Op) {
    const left = pending.get(op.key)?.filter((other) => other.id !== op.id) ?? []
    if (left.length > 0) pending.set(op.key, left)
    else pending.delete(op.key)
    setUnanswered((count) => count - 1)
  }

  /** Runs `change`, then lets every reader see all of it at once. */
  function publishing(change: () => void) {
    batch(() => {
      change()
      for (const kind of Object.values(indexes)) for (const index of Object.values(kind)) index.publish()
    })
  }

  return {
    list: (key: string) => read("list", key),
    todo: (key: string) => read("todo", key),
    /** Lists in the person's order, without the Inbox, the archived and the trashed. */
    lists: () => indexes.list.active.ids(ALL),
    archivedLists: () => indexes.list.archived.ids(ALL),
    trashedLists: () => indexes.list.trashed.ids(ALL),
    inboxId: (): string | undefined => indexes.list.inbox.ids(ALL)[0],
    /** In the person's order. */
    openTodos: (listId: string) => indexes.todo.open.ids(listId),
    /** Those that are loaded, the latest completed first. */
    completedTodos: (listId: string) => indexes.todo.completed.ids(listId),
    /** Open todos due on `date`, the most urgent first. */
    dueOn: (date: string) => indexes.todo.due.ids(date),
    /** The dates on which open todos are due, ascending. */
    dueDates: () => indexes.todo.due.names(),
    trashedTodos: () => indexes.todo.trashed.ids(ALL),
    /** Every todo that is loaded, in no order. Not reactive: for a search, which reads all of them anyway. */
    everyTodo: () => seen.todo.values(),
    /** How many ops the server has not answered. Reactive. */
    unanswered,

    /** Shows a change at once. The op stays until `acknowledge` or `refuse`. */
    change(change: Change, id: string): Op {
      const { entity, key } = change
      const op: Op = { ...change, id, creates: !seen[entity].has(key) }
      publishing(() => {
        if (!pending.has(key)) base.set(key, seen[entity].get(key))
        pending.set(key, [...(pending.get(key) ?? []), op])
        show(entity, key, apply(seen[entity].get(key), op) as never)
        setUnanswered((count) => count + 1)
      })
      return op
    },

    /** What would undo a change, were it made now. A creation is undone by the trash. */
    inverse({ entity, key, fields }: Change): Change {
      const row = seen[entity].get(key)
      if (!row) return { entity, key, fields: { trashedAt: new Date().toISOString() } }
      const before = Object.keys(fields).map((name) => [name, row[name as keyof Row]])
      return { entity, key, fields: Object.fromEntries(before) } as Change
    },

    /** The server took `op`, and this is the row now (undefined: it answered with none, so the op's own fields are). */
    acknowledge(op: Op, row: Row | undefined) {
      publishing(() => {
        const known = base.get(op.key)
        base.set(op.key, row ?? apply(known, op))
        settle(op)
        replay(op.entity, op.key)
      })
    },

    /** The server did not take `op`: what it changed is as it was. */
    refuse(op: Op) {
      publishing(() => {
        settle(op)
        replay(op.entity, op.key)
      })
    },

    /** Rows as the server has them. One that is older than what is known (it was on its way too long) is passed over. */
    receive(entries: readonly Entry[]) {
      publishing(() => {
        for (const { entity, row } of entries) {
          const hasPending = pending.has(row.id)
          const known = hasPending ? base.get(row.id) : seen[entity].get(row.id)
          if (known && known.updatedAt >= row.updatedAt) continue
          if (!hasPending) show(entity, row.id, row as never)
          else {
            base.set(row.id, row)
            replay(entity, row.id)
          }
        }
      })
    },
  }
}

function apply(row: Row | undefined, op: Op): Row | undefined {
  if (row) return { ...row, ...op.fields } as Row
  return op.creates ? ({ ...blank(op), ...op.fields, id: op.key } as Row) : undefined
}

/** What the server gives a new row that says no more. */
function blank(op: Op) {
  const now = new Date().toISOString()
  const common = { trashedAt: null, createdAt: now, updatedAt: now }
  return op.entity === "list"
    ? { ...common, colour: "grey", isInbox: false, archivedAt: null }
    : { ...common, notes: "", priority: "none", dueDate: null, completedAt: null }
}
