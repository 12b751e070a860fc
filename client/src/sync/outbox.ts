import { createSignal } from "solid-js"
import { QUEUE_VERSION, type Queued } from "./disk.ts"
import { byPlace, type Store } from "./store.ts"

export type Outbox = ReturnType<typeof createOutbox>

/** A change to the outbox, for the disk and for other tabs. */
export type QueueChange = { queue: Queued[]; unqueue: string[] }

/** Whether an entry is shown, and sent: neither refused, nor done, nor written by a later version of the page. */
export const isReplayed = ({ problem, doneAt, version }: Queued) =>
  !problem && !doneAt && version <= QUEUE_VERSION

/**
 * The ops that the server has not answered, in order, each shown by the store on top of what the server has; those that
 * it refused, which are no longer shown but kept until the person decides; and those that it did, for a day, in case it is
 * restored to before them. Nothing leaves otherwise.
 */
export function createOutbox(store: Store) {
  const entries = new Map<string, Queued>()
  /** Ids of what is not on the disk yet, and of what was dropped from it in vain. */
  const unsaved = new Set<string>()
  /** Ids of what was taken out: another tab may tell late that it was put in. */
  const done = new Set<string>()
  const [all, setAll] = createSignal<readonly Queued[]>([])

  /** Puts in what is new or changed, and takes out what is done with. Inside of `publishing`. */
  function change({ queue: told, unqueue }: QueueChange) {
    const queue = told.filter(({ op }) => !done.has(op.id))
    for (const id of [...unqueue, ...queue.map(({ op }) => op.id)]) {
      const before = entries.get(id)
      if (before && isReplayed(before)) store.unqueue([before])
      entries.delete(id)
    }
    for (const id of unqueue) {
      unsaved.delete(id)
      done.add(id)
    }
    for (const entry of queue) entries.set(entry.op.id, entry)
    store.queue(queue.filter(isReplayed))
    setAll([...entries.values()].sort(byPlace))
  }

  return {
    change,

    /** The outbox is what the disk holds, `queue`, and what was not saved. Inside of `publishing`. */
    replace(queue: readonly Queued[]) {
      for (const { op } of queue) done.delete(op.id)
      const kept = new Set(queue.map(({ op }) => op.id))
      const unqueue = [...entries.keys()].filter((id) => !kept.has(id) && !unsaved.has(id))
      change({ queue: queue.filter(({ op }) => !unsaved.has(op.id)), unqueue })
      // A tab that could not write one of them may tell of it again.
      for (const id of unqueue) done.delete(id)
    },

    /** Above every place that is known, and about the time so that ops made before the outbox was read come after it. */
    nextPlace: (now: number) => Math.max(now, (all().at(-1)?.place ?? 0) + 1),

    /** Whether it is, or was, in it. */
    knows: (id: string) => entries.has(id) || done.has(id),
    get: (id: string) => entries.get(id),
    markUnsaved(ids: readonly string[]) {
      for (const id of ids) unsaved.add(id)
    },
    markSaved(ids: readonly string[]) {
      for (const id of ids) unsaved.delete(id)
    },
    isUnsaved: (id: string) => unsaved.has(id),
    unsaved: () => all().filter(({ op }) => unsaved.has(op.id)),

    /** Everything, in order. Reactive. */
    all,
    /** What is to be sent, in order. Reactive. */
    waiting: () => all().filter(isReplayed),
    /** What waits for the person: refused, or written by a later version of the page. Reactive. */
    problems: () => all().filter((entry) => !isReplayed(entry) && !entry.doneAt),
    /** What the server has done, lately. */
    done: () => all().filter(({ doneAt }) => doneAt),
  }
}
