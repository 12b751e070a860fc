import { type Disk, type Held, QUEUE_VERSION, type Queued } from "./disk.ts"
import { ask, type Stores } from "./indexed-request.ts"
import { ORDER, openDatabase, ROWS, STORES, VERSION } from "./open-database.ts"
import type { Cursor } from "./protocol.ts"
import type { Entry, Todo } from "./rows.ts"

/** So many todos are read at once. */
const PORTION = 2_000
/** As many todos as are higher than nearly any screen. */
const HEAD = 60

/** An account's disk in this browser's IndexedDB, one database for each. Rejects where there is none, or it is broken. */
export async function indexedDisk(name: string): Promise<Disk> {
  let open: IDBDatabase | undefined
  let closed = false

  /** Opened again when it was closed: another tab mended it, or the browser took it away. */
  async function database() {
    if (open) return open
    if (closed) throw new Error("The disk is closed.")
    const db = await openDatabase(name)
    const close = () => {
      db.close()
      open = undefined
    }
    db.onversionchange = close
    db.onclose = close
    open = db
    return db
  }

  /** Written by a later version of the page: its outbox is served, but what it knows of the rows is not for this one. */
  const isLater = (db: IDBDatabase) => db.version > VERSION
  await database()

  return {
    durable: true,

    async load() {
      const db = await database()
      const transaction = db.transaction(["outbox", "cursors", "facts"])
      const [queue, values, spaces, generation, epoch] = await Promise.all([
        ask<Queued[]>(transaction.objectStore("outbox").getAll()),
        ask<string[]>(transaction.objectStore("cursors").getAll()),
        ask<IDBValidKey[]>(transaction.objectStore("cursors").getAllKeys()),
        ask<number | undefined>(transaction.objectStore("facts").get("generation")),
        ask<string | undefined>(transaction.objectStore("facts").get("epoch")),
      ])
      const cursor: Cursor = {}
      if (!isLater(db)) for (const [n, space] of spaces.entries()) cursor[`${space}`] = values[n]!
      const held: Held = {
        generation: generation ?? 0,
        epoch: (!isLater(db) && epoch) || null,
        cursor,
        queue,
      }
      for (const entry of queue) if (!isQueued(entry)) throw new Error("The outbox cannot be read.")
      return held
    },

    async rows(rest) {
      const db = await database()
      if (isLater(db)) return []
      const transaction = db.transaction(ROWS)
      const [things, todos] = await Promise.all([
        rest ? [] : ask<Entry[]>(transaction.objectStore("things").getAll()),
        readTodos(transaction.objectStore(rest ? "rest" : "open")),
      ])
      return [...things, ...todos.map(entryOf)]
    },

    async head(list) {
      const db = await database()
      if (isLater(db)) return []
      const transaction = db.transaction(["things", "open"])
      const things = (await ask(transaction.objectStore("things").getAll())) as Entry[]
      const id =
        typeof list === "string"
          ? list
          : things.find((thing) => thing.entity === "list" && thing.row.isInbox)?.row.id
      if (id === undefined) return things
      const inOrder = transaction.objectStore("open").index(ORDER)
      const todos: Todo[] = await ask(inOrder.getAll(IDBKeyRange.bound([id], [id, []]), HEAD))
      return [...things, ...todos.map(entryOf)]
    },

    async commit({ queue = [], unqueue = [], arrival }) {
      const db = await database()
      const rows = isLater(db) ? undefined : arrival
      // Only the tab that leads ever needs it.
      const { writeArrival } = rows ? await import("./write-arrival.ts") : {}
      await write(db, rows ? STORES : ["outbox"], async (stores) => {
        for (const entry of queue) stores.outbox!.put(entry, entry.op.id)
        for (const id of unqueue) stores.outbox!.delete(id)
        if (rows) await writeArrival?.(stores, rows)
      })
    },

    close() {
      closed = true
      open?.close()
    },
  }
}

const entryOf = (row: Todo): Entry => ({ entity: "todo", row })

/** In portions, between which the page may answer to its person. */
async function readTodos(store: IDBObjectStore): Promise<Todo[]> {
  const todos: Todo[] = []
  for (;;) {
    const last = todos.at(-1)
    const after = last && IDBKeyRange.lowerBound([last.listId, last.id], true)
    const portion = await ask<Todo[]>(store.getAll(after, PORTION))
    todos.push(...portion)
    if (portion.length < PORTION) return todos
  }
}

/** All that `act` asks for, or nothing; done once it is on the disk itself. */
async function write(db: IDBDatabase, names: string[], act: (stores: Stores) => Promise<void>) {
  const transaction = db.transaction(names, "readwrite", { durability: "strict" })
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."))
  })
  try {
    await act(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])))
  } catch (error) {
    done.catch(() => {})
    transaction.abort()
    throw error
  }
  await done
}

export const isQueued = (value: unknown): value is Queued => {
  const { op, version, place } = (value ?? {}) as Partial<Queued>
  return (
    typeof version === "number" &&
    typeof place === "number" &&
    (version > QUEUE_VERSION || (typeof op?.id === "string" && typeof op.key === "string" && !!op.fields))
  )
}
