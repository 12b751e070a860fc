import type { Environment } from "../environments/environment.ts"
import type { Engine } from "../swarm/engine.ts"
import { storeHashOf } from "./account.ts"
import { smoke } from "./checks.ts"
import type { Outside } from "./outside.ts"
import type { SmokeCheck, SmokeReport } from "./report.ts"

export type RunOptions = {
  /** What was seen before a roll. */
  baseline?: SmokeReport | undefined
  /** A connection to the environment's engine that is open already; one is made for a moment otherwise. */
  engine?: Engine | undefined
  /** Told of each check as it ends. */
  onCheck?: (check: SmokeCheck) => void
}

/**
 * Looks at `environment` from outside as its users meet it, signed in as the smoke account, of which each run makes the
 * password anew. With a baseline `worse` of the report holds what it did not show: what
 * the new release is to blame for. Never rejects for what the deployment does.
 */
export function runSmoke(
  environment: Environment,
  { baseline, engine, onCheck }: RunOptions = {},
): Promise<SmokeReport> {
  return smoke(outsideOf(environment), {
    storeHash: storeHashOf(environment, engine),
    ...(baseline && { baseline }),
    ...(onCheck && { onCheck }),
  })
}

/** How `environment` is reached from outside. */
export function outsideOf(environment: Environment): Outside {
  return environment.kind === "swarm"
    ? {
        domains: environment.domains,
        ...(environment.smoke && { smoke: environment.smoke as Outside["smoke"] }),
      }
    : { domains: [new URL(environment.frontend).host] }
}
