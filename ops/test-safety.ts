/**
 * `bun run test:safety [section…]`: proves that nothing is lost and everything is seen, with the real programs. All
 * sections, or those named; each says itself what it wants and this machine lacks.
 */

import { checkHostLost } from "./test-safety/host-lost.ts"
import { checkImporting } from "./test-safety/importing.ts"
import { checkLogical } from "./test-safety/logical.ts"
import { checkMonitoring } from "./test-safety/monitoring.ts"
import { checkPointInTime } from "./test-safety/point-in-time.ts"
import { checkScrub } from "./test-safety/scrub.ts"
import { checkStackRestore } from "./test-safety/stack-restore.ts"
import { summary } from "./testing/check.ts"

const sections: Record<string, () => Promise<void>> = {
  importing: checkImporting,
  logical: checkLogical,
  scrub: checkScrub,
  monitoring: checkMonitoring,
  "point-in-time": checkPointInTime,
  "stack-restore": checkStackRestore,
  "host-lost": checkHostLost,
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in sections))
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(", ")}. There are: ${Object.keys(sections).join(", ")}.`)
  process.exit(2)
}
for (const name of named.length > 0 ? named : Object.keys(sections)) {
  console.log(`\n${name}`)
  await sections[name]!()
}
process.exit(summary() ? 0 : 1)
