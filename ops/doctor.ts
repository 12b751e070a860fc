import { normaliseEmail } from "../server/accounts/email.ts"
import { command } from "./command.ts"
import { type Finding, type Level, levels } from "./doctor/finding.ts"
import { findingLines, progressLine } from "./doctor/report.ts"
import { diagnose } from "./doctor/run.ts"
import { say } from "./progress.ts"
import { Refusal } from "./refusal.ts"

export default command({
  name: "doctor",
  description:
    "Examines a deployment from outside and inside, and says of each fault what it means and what cures it (docs/operations/doctor.md).",
  examples: [
    "bun run ops doctor production",
    "bun run ops doctor production --letter you@example.org --dkim mail",
    "bun run ops doctor staging --json",
  ],
  arguments: {
    letter: {
      type: "string",
      description: "Send a test letter to this address, and tell the mail server's reply",
    },
    dkim: { type: "string", description: "The selector of the sender's DKIM key" },
    sender: {
      type: "string",
      description: "The domain that letters come from, where the server can't be asked",
    },
    "name-server": {
      type: "string",
      description: "Ask this name server (an address) instead of the system's",
    },
  },
  run: async ({ environment, arguments: { letter, dkim, sender, ...given }, dryRun }) => {
    if (letter && !normaliseEmail(letter)) throw new Refusal(2, `"${letter}" is not an e-mail address.`)
    const nameServer = given["name-server"]
    if (dryRun)
      return {
        text: "It would look, and change nothing but the smoke account's password.",
        facts: { findings: [] },
      }
    const findings: Finding[] = []
    const options = { letter, dkim, sender, nameServers: nameServer ? [nameServer] : undefined }
    for await (const found of diagnose(environment, options)) {
      findings.push(...found)
      if (found.length > 0) say(progressLine(found))
    }
    const counts = Object.fromEntries(
      levels.map((level) => [level, findings.filter((finding) => finding.level === level).length]),
    ) as Record<Level, number>
    const text = findingLines(environment.name, findings).join("\n")
    if (counts.problem > 0) throw new Refusal(1, text, { findings, counts })
    return { text, facts: { findings, counts } }
  },
})
