import type { Environment } from "../environments/environment.ts"
import { storeHashOf } from "./account.ts"
import { smoke } from "./checks.ts"
import type { Outside } from "./outside.ts"
import type { SmokeCheck, SmokeReport } from "./report.ts"

/**
 * Looks at `environment` from outside as its users meet it, signed in as the smoke account, of which each run makes the
 * password anew. With `baseline`, what was seen before a roll, `worse` of the report holds what it did not show: what
 * the new release is to blame for. Never rejects for what the deployment does.
 */
export function runSmoke(
  environment: Environment,
  { baseline, onCheck }: { baseline?: SmokeReport; onCheck?: (check: SmokeCheck) => void } = {},
): Promise<SmokeReport> {
  return smoke(outsideOf(environment), {
    storeHash: storeHashOf(environment),
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
