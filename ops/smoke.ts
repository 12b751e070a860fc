import { command } from "./command.ts"
import { say } from "./progress.ts"
import { Refusal } from "./refusal.ts"
import { checkLine, skippedLine } from "./smoke/report.ts"
import { runSmoke } from "./smoke/run.ts"

export default command({
  name: "smoke",
  description:
    "Looks at a deployment from outside as its users meet it: certificate, redirect, health, page, headers; signs in, creates, lists, deletes.",
  examples: ["bun run ops smoke production", "bun run ops smoke staging --json"],
  run: async ({ environment, dryRun }) => {
    if (dryRun)
      return { text: "It would look, and change nothing but the smoke account's password.", facts: {} }
    const report = await runSmoke(environment, { onCheck: (check) => say(checkLine(check)) })
    const failed = report.checks.filter(({ ok }) => !ok)
    if (failed.length > 0) {
      const names = failed.map(({ name, detail }) => `  ${name}: ${detail}`).join("\n")
      throw new Refusal(
        1,
        `${environment.name} fails ${failed.length} of ${report.checks.length} checks:\n${names}`,
        report,
      )
    }
    return {
      text: [
        ...report.skipped.map(skippedLine),
        `${environment.name}: ${report.checks.length} checks hold.`,
      ].join("\n"),
      facts: report,
    }
  },
})
