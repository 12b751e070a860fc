/** Object stores of a transaction, by name. */
export type Stores = Record<string, IDBObjectStore>

/** The result of a request. */
export function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    // Another tab that still has it open closes it (`onversionchange`), or is asleep: not worth waiting for.
    if (request instanceof IDBOpenDBRequest)
      request.onblocked = () => reject(new Error("Held by another tab."))
  })
}
