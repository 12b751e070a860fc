import { command } from "./command.ts"
import { rollbackHosted } from "./hosted/deploy.ts"
import { Refusal } from "./refusal.ts"
import { runSmoke } from "./smoke/run.ts"
import { changeStack } from "./swarm/change-stack.ts"
import { Engine } from "./swarm/engine.ts"
import { operator } from "./swarm/operator.ts"
import { listReleases } from "./swarm/release-records.ts"
import { chooseTarget, rollBack } from "./swarm/roll-back.ts"
import { findService, imageOf } from "./swarm/rollout.ts"

export default command({
  name: "rollback",
  description:
    "Goes back to an earlier release that the database's schema still serves, without a failed request; needs neither registry nor database.",
  examples: [
    "bun run ops rollback production",
    "bun run ops rollback production 41",
    "bun run ops rollback production 41 --dry-run",
  ],
  arguments: {
    release: {
      type: "positional",
      required: false,
      description: "A number of `bun run ops releases`; without it, the one that served before",
    },
  },
  run: async ({ environment, arguments: { release }, dryRun }) => {
    const to = numberOf(release)
    if (environment.kind === "hosted") {
      const done = await rollbackHosted(environment, to, {
        by: operator().by,
        smoke: () => runSmoke(environment),
        dryRun,
      })
      return {
        text: done.published
          ? `Release ${done.release.number} (${done.release.digest}) runs.`
          : "Nothing was changed.",
        facts: done,
      }
    }
    if (dryRun) {
      await using engine = await Engine.open(environment)
      const running = await findService(engine, `${environment.stack}_server`)
      const target = chooseTarget(
        await listReleases(engine, environment.stack),
        running ? imageOf(running.Spec) : "",
        to,
      )
      return {
        text: `It would go back to release ${target.number}, ${target.image}. Nothing was changed.`,
        facts: { dryRun, release: target.number, image: target.image },
      }
    }
    const began = performance.now()
    return changeStack(environment, "rolls back", async (change) => {
      const record = await rollBack(change, to)
      const seconds = Math.round((performance.now() - began) / 1000)
      return {
        text: `Release ${record.rollbackTo} of ${environment.name} serves again, as release ${record.number}: ${record.version}, ${record.image}\nIt took ${seconds} s.`,
        facts: {
          release: record.number,
          rollbackTo: record.rollbackTo,
          image: record.image,
          replaced: record.replaces,
          seconds,
          steps: change.steps.done,
        },
      }
    })
  },
})

function numberOf(release: string | undefined): number | undefined {
  if (release === undefined) return undefined
  if (/^[1-9]\d{0,6}$/.test(release)) return Number(release)
  throw new Refusal(2, `"${release}" is no release's number. See: bun run ops releases ENVIRONMENT`)
}
