import type { Disk, Queued } from "./disk.ts"
import { indexedDisk, isQueued } from "./indexed-disk.ts"
import { ask } from "./indexed-request.ts"

/**
 * Makes an account's database anew, with what can be read of the outbox. Entries are read one by one: one that is broken
 * does not take others with it.
 */
export async function mendDisk(name: string): Promise<Disk> {
  const kept = await readOutbox(name).catch(() => [])
  await ask(indexedDB.deleteDatabase(name))
  const disk = await indexedDisk(name)
  await disk.commit({ queue: kept })
  return disk
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
