/** Object stores of a transaction, by name. */
export type Stores = Record<string, IDBObjectStore>

/** Milliseconds that a database which others have open is waited for. */
const PATIENCE = 3_000

/** The result of a request. */
export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    // Whoever still has it open closes it (`onversionchange`) after what is under way; a tab that is asleep doesn't.
    if (request instanceof IDBOpenDBRequest)
      request.onblocked = () => setTimeout(() => reject(new Error("Held by another tab.")), PATIENCE)
  })
}
