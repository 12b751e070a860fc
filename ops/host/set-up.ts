import { say } from "../progress.ts"
import type { Connection } from "./connection.ts"
import { deployUser } from "./deploy-user.ts"
import { docker } from "./docker.ts"
import { firewall } from "./firewall.ts"
import { guarded } from "./guard.ts"
import { sshd } from "./sshd.ts"
import type { Change, Settings, Step, System } from "./step.ts"
import { swarm } from "./swarm.ts"
import { readSystem } from "./system.ts"
import { time } from "./time.ts"
import { upgrades } from "./upgrades.ts"

/** In this order: the firewall is there before anything is published, the deploy key before passwords end. */
const STEPS: Step[] = [time, upgrades, docker, firewall, swarm, deployUser, sshd]

/** What a step changed (or would), and how its effect was seen; `proof` is null in a dry run. */
export type Done = { step: string; changes: string[]; proof: string | null }

/**
 * Makes the host what a deployment needs: each step looks, changes what is not as it should be, and looks at the
 * effect. Stops at the first that fails, with a `Refusal`; another run goes on from there.
 */
export async function setUpHost(host: Connection, settings: Settings, dryRun: boolean): Promise<Done[]> {
  const system = await readSystem(host)
  const done: Done[] = []
  for (const step of STEPS) done.push(await take(step, host, system, settings, dryRun))
  return done
}

async function take(
  step: Step,
  host: Connection,
  system: System,
  settings: Settings,
  dryRun: boolean,
): Promise<Done> {
  const changes = await step.changes(host, system, settings)
  for (const { what } of changes) say(`${step.name}: ${dryRun ? "would do: " : ""}${what}`)
  const facts = { step: step.name, changes: changes.map(({ what }) => what) }
  if (dryRun) return { ...facts, proof: null }
  const work = () => apply(host, changes)
  if (step.guarded && changes.length > 0) await guarded(host, step.guarded, work)
  else await work()
  const proof = await step.proof(host, system, settings)
  say(`${step.name}: ${proof}`)
  return { ...facts, proof }
}

async function apply(host: Connection, changes: Change[]) {
  for (const { script, seconds } of changes) await host.run(script, seconds)
}
