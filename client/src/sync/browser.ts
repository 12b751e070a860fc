import type { Disk, Queued } from "./disk.ts"
import { indexedDisk } from "./indexed-disk.ts"
import { ask } from "./indexed-request.ts"
import { databaseName } from "./open-database.ts"
import { createSync } from "./sync.ts"
import { browserTabs } from "./tabs.ts"
import { browserWorld } from "./world.ts"

/** The engine of the account that is signed in, on what this browser has. */
export function browserSync(accountId: string, onRefused: (refused: Queued[]) => void) {
  const name = databaseName(accountId)
  return createSync({
    world: browserWorld,
    tabs: browserTabs(name),
    openDisk: async (mend): Promise<Disk> =>
      mend ? (await import("./mend-disk.ts")).mendDisk(name) : indexedDisk(name),
    memoryDisk: async () => (await import("./memory-disk.ts")).memoryDisk(),
    loadBackground: async () => {
      const [{ createBackground }, { network }] = await Promise.all([
        import("./background.ts"),
        import("./network.ts"),
      ])
      return { createBackground, network }
    },
    onRefused,
  })
}

/** Removes what this device holds of an account: it signs out. */
export async function forgetAccount(accountId: string) {
  await ask(indexedDB.deleteDatabase(databaseName(accountId)))
}
