import { ask } from "./indexed-request.ts"

/**
 * The form of the stores. A later one changes it by `upgrade`, which may throw away the rows, since they are fetched
 * again, and never the outbox.
 */
export const VERSION = 2

/** Rows are at [space, id], so that a space goes by one range. `rest` holds what is read last, `things` what is no todo. */
export const ROWS = ["things", "open", "rest"] as const
export const STORES = ["outbox", "cursors", "facts", ...ROWS]

/** The index of a list's open todos in their order. */
export const ORDER = "order"

export const databaseName = (accountId: string) => `docket-${accountId}`

/** What was begun to be opened and is not asked for yet. */
const begun = new Map<string, Promise<IDBDatabase>>()

/** Opens an account's database ahead: a browser takes its time for it, in which the page's other scripts come. */
export function beginOpening(accountId: string) {
  const name = databaseName(accountId)
  const opening = open(name)
  begun.set(name, opening)
  opening.then(
    (db) => {
      db.onversionchange = () => {
        begun.delete(name)
        db.close()
      }
    },
    // Whoever asks for it is told.
    () => {},
  )
}

/** An account's database, upgraded if need be, or of a later version. Rejects where there is none, or it is broken. */
export function openDatabase(name: string): Promise<IDBDatabase> {
  const opening = begun.get(name)
  begun.delete(name)
  return opening ?? open(name)
}

async function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION)
  request.onupgradeneeded = () => upgrade(request.result, request.transaction!)
  try {
    return await ask(request)
  } catch (error) {
    // The database is of a later version of the page, which was taken back.
    if ((error as DOMException).name !== "VersionError") throw error
    return ask(indexedDB.open(name))
  }
}

function upgrade(db: IDBDatabase, transaction: IDBTransaction) {
  for (const store of STORES) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store)
  const open = transaction.objectStore("open")
  if (!open.indexNames.contains(ORDER)) open.createIndex(ORDER, ["listId", "position"])
}
