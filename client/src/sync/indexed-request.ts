import { Unavailable } from "./disk.ts"

/** Object stores of a transaction, by name. */
export type Stores = Record<string, IDBObjectStore>

/** Milliseconds that a database which others have open is waited for, and one that does not answer at all. */
const PATIENCE = 3_000
const LONGEST = 15_000

/** The result of a request. A database that cannot be had now rejects with `Unavailable`. */
export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    if (!(request instanceof IDBOpenDBRequest)) return
    const giveUp = (milliseconds: number) =>
      setTimeout(() => {
        reject(new Unavailable())
        request.onsuccess = () => request.result?.close()
      }, milliseconds)
    // Whoever still has it open closes it (`onversionchange`) after what is under way; a tab that is asleep doesn't.
    request.onblocked = () => giveUp(PATIENCE)
    giveUp(LONGEST)
  })
}
