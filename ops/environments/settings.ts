import { editDistance } from "../../server/misspelt.ts"
import { allVariables } from "../../server/variables.ts"

/** What the stack itself gives the server; a second value would win or lose silently. */
const OF_THE_STACK = [
  "PORT",
  "FRONTEND_URL",
  "TRUSTED_PROXIES",
  "SHUTDOWN_DRAIN_SECONDS",
  "MIGRATE_AT_START",
  "WORKERS",
]

/** A sentence for each entry of `[settings]` that the server would refuse, or that does not belong into a file. */
export function settingFaults(settings: unknown): string[] {
  if (typeof settings !== "object" || settings === null) return []
  return Object.entries(settings).flatMap(
    ([name, value]) => (typeof value === "string" && settingFault(name, value)) || [],
  )
}

function settingFault(name: string, value: string): string | undefined {
  const variable = allVariables.find(([known]) => known === name)?.[1]
  if (!variable) {
    const guess = allVariables.map(([known]) => known).find((known) => editDistance(name, known) <= 2)
    return `settings.${name} is not a variable of Docket.${guess ? ` Did you mean ${guess}?` : ""}`
  }
  if (variable.secret)
    return `settings.${name} is a secret and belongs into the Swarm: bun run ops secrets ENVIRONMENT.`
  if (OF_THE_STACK.includes(name)) return `settings.${name} is set by the stack; leave it out.`
  const parsed = variable.type.parse(value)
  return "fault" in parsed ? `settings.${name} ${parsed.fault}.` : undefined
}
