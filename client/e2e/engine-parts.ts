import { indexedDisk } from "../src/sync/indexed-disk.ts"
import { mendDisk } from "../src/sync/mend-disk.ts"
import { beginOpening } from "../src/sync/open-database.ts"
import { browserTabs } from "../src/sync/tabs.ts"

/** The parts of the sync engine that only run in browsers, for tests to use in one (engine-page.ts). */
export const engineParts = { beginOpening, indexedDisk, mendDisk, browserTabs }

declare global {
  var parts: typeof engineParts
}

globalThis.parts = engineParts
