import { say } from "../progress.ts"
import type { Change } from "./change.ts"
import type { Compose } from "./compose.ts"
import { removeService } from "./removal.ts"
import { watchRollout } from "./rollout.ts"
import { refuseRollout } from "./serve.ts"
import { deployStack } from "./stack.ts"

/** The service's name. */
export const trialService = (stack: string) => `${stack}_trial`

/**
 * Runs one replica of `image` as the stack will, but where Traefik sends nobody, for as long as an update would watch it.
 * Throws a `Refusal` (4) that completes `the release …` unless it comes up and stays up: so a release that ends by itself,
 * or is never healthy, meets no request. One that failed stays for `ops logs --service trial`, until the next deploy.
 */
export async function tryOut(change: Change, image: string, compose: Compose): Promise<void> {
  const { engine, stack, signal } = change
  const service = trialService(stack)
  await removeService(engine, service)
  await deployStack(engine.printed, stack, trialOf(compose, stack))
  const onStep = (step: string) => say(`  ${step}`)
  const end = await watchRollout(engine, { service, image, signal, onStep, mostFailures: 1 })
  // It ends by itself while the roll begins.
  if (end.ended !== "failed") await engine.delete(`/services/${service}`)
  refuseRollout(end, change, 4)
}

function trialOf({ services, networks, secrets }: Compose, stack: string): Compose {
  const server = services.server!
  const { update_config: _, rollback_config: __, ...deploy } = server.deploy
  const used = new Set(server.secrets?.map(({ source }) => source))
  const only = <T>(all: Record<string, T>, has: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => has(name)))
  return {
    services: {
      trial: {
        ...server,
        // Nobody has to be sent elsewhere before it ends.
        environment: { ...server.environment, SHUTDOWN_DRAIN_SECONDS: "0" },
        deploy: {
          ...deploy,
          replicas: 1,
          labels: { "docket.stack": stack },
          restart_policy: { condition: "none" },
        },
      },
    },
    networks: only(networks, (name) => server.networks.includes(name)),
    volumes: {},
    configs: {},
    secrets: only(secrets, (name) => used.has(name)),
  }
}
