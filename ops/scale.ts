import { command } from "./command.ts"
import { needSwarm } from "./environments/environment.ts"
import { INSTEAD } from "./hosted/refusals.ts"
import { say } from "./progress.ts"
import { Refusal } from "./refusal.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { Engine } from "./swarm/engine.ts"
import { findService, replicasOf } from "./swarm/rollout.ts"
import { scaleService } from "./swarm/set-replicas.ts"

export default command({
  name: "scale",
  description:
    "Sets how many replicas of the server run, until the next deploy, which goes by the environment's file.",
  examples: ["bun run ops scale production 4", "bun run ops scale production 4 --dry-run"],
  arguments: { replicas: { type: "positional", required: true, description: "From 1 to 50" } },
  run: async ({ environment: given, arguments: { replicas: text }, dryRun }) => {
    const environment = needSwarm(given, given.kind === "hosted" ? INSTEAD.scale(given) : "")
    const replicas = Number(text)
    if (!/^\d{1,2}$/.test(text) || replicas < 1 || replicas > 50)
      throw new Refusal(2, `"${text}" is no number of replicas. Give one from 1 to 50.`)
    if (dryRun) {
      await using engine = await Engine.open(environment)
      const service = await findService(engine, `${environment.stack}_server`)
      const now = service ? replicasOf(service.Spec) : 0
      return {
        text: `It would go from ${now} to ${replicas}. Nothing was changed.`,
        facts: { dryRun, now, replicas },
      }
    }
    return changeStack(environment, `scales to ${replicas}`, async (change) => {
      const before = await scaleService(change, replicas)
      if (replicas !== environment.replicas)
        say(`Until the next deploy: write replicas = ${replicas} into ${environment.path} to keep it.`)
      return { text: `${replicas} replicas run, ${before} before.`, facts: { replicas, before } }
    })
  },
})
