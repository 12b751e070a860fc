import { check } from "../testing/check.ts"
import { missingEngine } from "../testing/engine.ts"
import { withPlace } from "../testing/place.ts"
import { checkKit } from "./host-lost/kit.ts"
import { checkRecovery } from "./host-lost/recovery.ts"
import { checkScheduled } from "./host-lost/scheduled.ts"
import { missingHosts, setUpHosts, tidyHosts, turnTo } from "./host-lost/site.ts"
import { raise } from "./host-lost/stack.ts"

/**
 * A stack that backs itself up; and its host lost with everything on it: the service answers again from an empty host, the
 * bucket and the recovery kit alone. Wants two Docker engines that reach each other and manage a Swarm each, DOCKER_HOST
 * and SECOND_DOCKER_HOST, and the variables of `bun run test:deploy` and `bun run test:safety logical` for other images
 * than the public ones. Every container, volume and secret on the first engine is removed.
 */
export async function checkHostLost() {
  const missing = missingHosts() ?? (await missingEngine())
  if (missing) return check("two Docker engines answer", () => Promise.reject(missing))
  const { DOCKER_HOST: lost, SECOND_DOCKER_HOST: next } = process.env as Record<string, string>
  // The outside world is on the second: what is left of an earlier run there goes first.
  turnTo({ engine: next! })
  try {
    await withPlace("docket-test-safety", async (place) => {
      const site = await setUpHosts(place, { lost: lost!, next: next! })
      try {
        const raised = await raise(site)
        if (!raised) return
        await checkScheduled(raised)
        const kit = await checkKit(raised)
        if (kit) await checkRecovery(raised, kit)
      } finally {
        await tidyHosts(site)
      }
    })
  } finally {
    turnTo({ engine: lost! })
  }
}
