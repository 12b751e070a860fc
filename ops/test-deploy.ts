/**
 * `bun run test:deploy [section…]`: proves on the Docker engine that `docker` is pointed at what the documents promise
 * of production, with the real image, Swarm, Traefik, PostgreSQL and an ACME authority. All sections, or those named.
 *
 * BUN_IMAGE, POSTGRES_IMAGE, TRAEFIK_IMAGE, HAPROXY_IMAGE, REGISTRY_IMAGE and PEBBLE_IMAGE name other images than the
 * public ones; TEST_ADDRESS says where published ports are, if not at the Swarm's address; SECOND_DOCKER_HOST is another
 * engine, in no Swarm, for the section of several nodes.
 */

import { checkCertificates } from "./test-deploy/certificates.ts"
import { checkDatabase } from "./test-deploy/database.ts"
import { checkDeploys } from "./test-deploy/deploys.ts"
import { checkDoctor } from "./test-deploy/doctor.ts"
import { checkFailures } from "./test-deploy/failures.ts"
import { checkHost } from "./test-deploy/host.ts"
import { checkLocking } from "./test-deploy/locking.ts"
import { checkNodes, missingNode } from "./test-deploy/nodes.ts"
import { checkPooler } from "./test-deploy/pooler.ts"
import { checkRollback } from "./test-deploy/rollback.ts"
import { checkRolling } from "./test-deploy/rolling.ts"
import { checkSecrets } from "./test-deploy/secrets.ts"
import { type Site, setUp } from "./test-deploy/site.ts"
import { checkSmoke } from "./test-deploy/smoke.ts"
import { checkStack } from "./test-deploy/stack-section.ts"
import { checkSupplyChain } from "./test-deploy/supply-chain-section.ts"
import { summary } from "./testing/check.ts"
import { missingEngine } from "./testing/engine.ts"
import { withPlace } from "./testing/place.ts"

const sections: Record<string, (site: Site) => Promise<void>> = {
  stack: checkStack,
  pooler: checkPooler,
  "supply-chain": checkSupplyChain,
  database: checkDatabase,
  certificates: checkCertificates,
  rolling: checkRolling,
  failures: checkFailures,
  deploys: checkDeploys,
  rollback: checkRollback,
  locking: checkLocking,
  secrets: checkSecrets,
  smoke: checkSmoke,
  doctor: checkDoctor,
  nodes: checkNodes,
  host: checkHost,
}
/** Sections that want more than one engine, with what they lack: only who asks for them by name is told as a failure. */
const lacking: Record<string, string | undefined> = { nodes: missingNode }

const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in sections))
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(", ")}. There are: ${Object.keys(sections).join(", ")}.`)
  process.exit(2)
}
const missing = await missingEngine()
if (missing) {
  console.error(missing)
  process.exit(1)
}

await withPlace("docket-test-deploy", async (place) => {
  const site = await setUp(place)
  for (const name of named.length > 0 ? named : Object.keys(sections)) {
    const lack = named.length > 0 ? undefined : lacking[name]
    if (lack) {
      console.log(`\n${name}: not run. ${lack}`)
      continue
    }
    console.log(`\n${name}`)
    await sections[name]!(site)
  }
})
process.exit(summary() ? 0 : 1)
