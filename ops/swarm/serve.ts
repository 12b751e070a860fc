import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { SmokeReport } from "../smoke/report.ts"
import { runSmoke } from "../smoke/run.ts"
import type { Change } from "./change.ts"
import type { RolloutEnd } from "./rollout.ts"

/** Times that a smoke test which failed is tried again, and the seconds between. */
const AGAIN = { usually: 2, atFirst: 30, seconds: 3 }

/** Throws a `Refusal` (`code`) that completes `the release …` unless the roll ended with every replica running it. */
export function refuseRollout(end: RolloutEnd, { signal }: Change, code: Refusal["code"] = 1) {
  if (end.ended === "running") return
  if (signal.aborted) throw signal.reason
  const said = end.output && `\nIts last lines:\n${end.output.replace(/^/gm, "  ")}\n`
  throw new Refusal(code, `did not stay up: ${end.reason}.${said}`, { output: end.output })
}

/** What users meet before the roll. Whatever fails now is no fault of the release that comes. */
export async function lookBefore({ environment, engine, steps }: Change): Promise<SmokeReport> {
  return steps.take("smoke before", "Looking at what runs, for comparison", async () => {
    const report = await runSmoke(environment, { engine })
    const failed = report.checks.filter(({ ok }) => !ok)
    if (failed.length > 0) say(`It fails already: ${failed.map(({ name }) => name).join(", ")}.`)
    return report
  })
}

/**
 * Looks at what runs now as users meet it. Throws a `Refusal` that completes `the release …` when something fails that
 * `baseline` did not show. At the first release there is none, and its certificates are still to come.
 */
export async function refuseWorse(
  { environment, engine, signal, steps }: Change,
  baseline: SmokeReport | undefined,
): Promise<SmokeReport> {
  return steps.take("smoke", "Looking at it from outside", async () => {
    for (let again = baseline ? AGAIN.usually : AGAIN.atFirst; ; again--) {
      const report = await runSmoke(environment, { engine, ...(baseline && { baseline }) })
      const worse = report.worse ?? report.checks.filter(({ ok }) => !ok)
      if (worse.length === 0) return report
      signal.throwIfAborted()
      if (again === 0) {
        const found = worse.map(({ name, detail }) => `  ${name}: ${detail}`).join("\n")
        throw new Refusal(1, `runs, but fails the smoke test:\n${found}\n`, { failed: worse })
      }
      await Bun.sleep(AGAIN.seconds * 1000)
    }
  })
}
