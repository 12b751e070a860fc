import { type Disk, type Queued, Unavailable } from "./disk.ts"
import { indexedDisk, isQueued } from "./indexed-disk.ts"
import { ask } from "./indexed-request.ts"
import { STORES } from "./open-database.ts"

/**
 * Empties an account's database but for what can be read of the outbox. One that cannot even be emptied is deleted and
 * made anew. Rejects with `Unavailable`, and leaves it alone, where it cannot be had now.
 */
export async function mendDisk(name: string): Promise<Disk> {
  await empty(name).catch((error) => {
    if (error instanceof Unavailable) throw error
    return makeAnew(name)
  })
  return indexedDisk(name)
}

/** In one transaction, so that other tabs may have it open. */
async function empty(name: string) {
  const db = await ask(indexedDB.open(name))
  try {
    const stores = [...db.objectStoreNames]
    if (STORES.some((store) => !stores.includes(store))) throw new Error("Stores are missing.")
    const transaction = db.transaction(stores, "readwrite", { durability: "strict" })
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
    })
    done.catch(() => {})
    const outbox = transaction.objectStore("outbox")
    for (const key of await ask(outbox.getAllKeys()))
      if (!isQueued(await ask(outbox.get(key)))) outbox.delete(key)
    for (const store of stores) if (store !== "outbox") transaction.objectStore(store).clear()
    await done
  } finally {
    db.close()
  }
}

/** Entries are read one by one: one that is broken does not take others with it. */
async function makeAnew(name: string) {
  const kept = await readOutbox(name).catch((error) => {
    if (error instanceof Unavailable) throw error
    return []
  })
  const deletion = indexedDB.deleteDatabase(name)
  // It cannot be taken back: where someone holds the database, it happens once they let go, and this with it.
  const anew = new Promise<void>((resolve, reject) => {
    deletion.addEventListener("success", async () => {
      try {
        const disk = await indexedDisk(name)
        await disk.commit({ queue: kept })
        disk.close()
        resolve()
      } catch (error) {
        reject(error)
      }
    })
  })
  anew.catch(() => {})
  await ask(deletion)
  await anew
}

async function readOutbox(name: string): Promise<Queued[]> {
  const db = await ask(indexedDB.open(name))
  try {
    const store = () => db.transaction("outbox").objectStore("outbox")
    const keys = await ask(store().getAllKeys())
    const entries = await Promise.all(keys.map((key) => ask(store().get(key)).catch(() => null)))
    return entries.filter(isQueued)
  } finally {
    db.close()
  }
}
