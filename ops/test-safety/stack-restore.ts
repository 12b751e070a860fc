import { check } from "../testing/check.ts"
import { missingEngine } from "../testing/engine.ts"
import { withPlace } from "../testing/place.ts"
import { checkDumpBefore } from "./stack-restore/dump-before.ts"
import { checkRecovered } from "./stack-restore/recovered.ts"
import { checkReplaced } from "./stack-restore/replaced.ts"
import { raise, setUpStack } from "./stack-restore/stack.ts"

/**
 * A stack that backs itself up, with the tools that its release was published with: its database is replaced by a backup while
 * it runs, it is recovered from its kit and what came of that is drilled, and deploys back it up where they should. Wants
 * one Docker engine that manages a Swarm, and the variables of `bun run test:deploy` and `S3_IMAGE`.
 */
export async function checkStackRestore() {
  const missing = await missingEngine()
  if (missing) return check("has a Docker engine", () => Promise.reject(new Error(missing)))
  await withPlace("docket-test-stack-restore", async (place) => {
    const world = await setUpStack(place)
    const raised = await raise(world)
    if (!raised) return
    try {
      await checkReplaced(raised)
      if (await checkRecovered(raised)) await checkDumpBefore(raised)
    } finally {
      await raised.stack.end()
    }
  })
}
