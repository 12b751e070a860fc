import { batch, createSignal } from "solid-js"
import { createOutbox } from "./outbox.ts"
import type { Query, Remote } from "./remote.ts"
import type { Change, Entity, Entry, Op } from "./rows.ts"
import { createStore } from "./store.ts"
import { uuidv7 } from "./uuid.ts"

export type Sync = ReturnType<typeof createSync>

/** `problem`: what should be here could not be read. */
export type SyncState = "idle" | "saving" | "offline" | "signed-out" | "problem"

type Options = {
  remote: Remote
  /** Something was refused and is as it was before. */
  refused?: (ops: Op[], problem: unknown) => void
  delay?: (attempt: number) => number
}

/** Rows that changed up to this many milliseconds before the latest one seen are read again: transactions overlap. */
const OVERLAP = 60_000

/**
 * One person's lists and todos: read at once from memory, changed at once in memory, and sent to the server behind
 * that. Pages use nothing but what this returns, so what is inside (durability, other tabs, events) may change.
 */
export function createSync({ remote, refused, delay }: Options) {
  const store = createStore()
  const [loaded, setLoaded] = createSignal(false)
  const [problem, setProblem] = createSignal<unknown>(null)
  const completed = new Map<string, { cursor: string | null }>()
  const [completedRead, setCompletedRead] = createSignal<ReadonlyMap<string, { more: boolean }>>(new Map())
  const coveredLists = new Set<string>()
  let latest = ""

  const outbox = createOutbox({
    send: remote.send,
    delay,
    taken: (op, row) => store.acknowledge(op, row),
    refused: (ops, problem) => {
      for (const op of ops) store.refuse(op)
      refused?.(ops, problem)
    },
  })

  /** Makes all of `changes` at once, before it returns. Returns the changes that would undo them. */
  function mutate(changes: readonly Change[]): Change[] {
    const undo = changes.map(store.inverse).reverse()
    outbox.push(batch(() => changes.map((change) => store.change(change, uuidv7()))))
    return undo
  }

  /** Reads page after page; `enough` may end it early. */
  async function read(entity: Entity, query: Query, enough: (entries: Entry[]) => boolean = () => false) {
    let cursor: string | null = null
    do {
      const page = await remote.page(entity, { limit: 200, ...query }, cursor)
      for (const { row } of page.entries) if (row.updatedAt > latest) latest = row.updatedAt
      store.receive(page.entries)
      cursor = enough(page.entries) ? null : page.nextCursor
    } while (cursor)
  }

  /** Everything that pages show without asking: all lists, all open todos. */
  async function load() {
    setProblem(null)
    try {
      await read("list", {})
      await read("todo", { completed: false })
      for (const id of [store.inboxId(), ...store.lists()]) if (id) coveredLists.add(id)
      setLoaded(true)
    } catch (error) {
      setProblem(() => error)
    }
  }

  /** What changed elsewhere since the last look. */
  async function refresh() {
    outbox.resume()
    if (!loaded()) return load()
    const since = latest && new Date(Date.parse(latest) - OVERLAP).toISOString()
    const old = (entries: Entry[]) => entries.some(({ row }) => row.updatedAt < since)
    const recent = { sort: "updatedAt", direction: "descending" } as const
    try {
      await Promise.all([
        read("list", {}),
        read("list", { trashed: true }),
        read("todo", recent, old),
        read("todo", { ...recent, trashed: true }, old),
      ])
      setProblem(null)
    } catch (error) {
      setProblem(() => error)
    }
  }

  /** The open todos of a list that `load` leaves out, or has not come to yet. */
  async function loadList(listId: string) {
    if (coveredLists.has(listId)) return
    coveredLists.add(listId)
    try {
      await read("todo", { listId, completed: false })
    } catch (error) {
      coveredLists.delete(listId)
      setProblem(() => error)
    }
  }

  /** The next page of a list's completed todos, the latest first. Rejects if it could not be read. */
  async function loadCompleted(listId: string) {
    const cursor = completed.get(listId)?.cursor ?? null
    const query = {
      listId,
      completed: true,
      sort: "completedAt",
      direction: "descending",
      limit: 50,
    } as const
    const page = await remote.page("todo", query, cursor)
    store.receive(page.entries)
    completed.set(listId, { cursor: page.nextCursor })
    setCompletedRead((read) => new Map(read).set(listId, { more: page.nextCursor !== null }))
  }

  /** Everything in the trash. Rejects if it could not be read. */
  async function loadTrash() {
    await Promise.all([read("list", { trashed: true }), read("todo", { trashed: true })])
  }

  /** Ids of todos whose title or notes hold `text`, completed ones too, as the server finds them. */
  async function find(text: string): Promise<string[]> {
    const page = await remote.page(
      "todo",
      { text, limit: 100, sort: "updatedAt", direction: "descending" },
      null,
    )
    store.receive(page.entries)
    return page.entries.map(({ row }) => row.id)
  }

  const { list, todo, lists, archivedLists, trashedLists, inboxId } = store
  const { openTodos, completedTodos, dueOn, dueDates, trashedTodos, everyTodo, unanswered } = store
  return {
    list,
    todo,
    lists,
    archivedLists,
    trashedLists,
    inboxId,
    openTodos,
    completedTodos,
    dueOn,
    dueDates,
    trashedTodos,
    everyTodo,
    unanswered,
    mutate,
    load,
    refresh,
    loadList,
    loadCompleted,
    /** Whether a list's completed todos were read, and whether there are more. Reactive. */
    completedRead: (listId: string) => completedRead().get(listId),
    loadTrash,
    find,
    /** Whether everything that `load` reads is there. Reactive. */
    loaded,
    problem,
    /** Reactive. */
    state: (): SyncState => {
      const state = outbox.state()
      return state === "idle" && problem() ? "problem" : state
    },
    /** Forgets what was not sent. */
    stop: outbox.clear,
  }
}
