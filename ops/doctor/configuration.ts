import type { ConfigFacts } from "../examine/config.ts"
import { type Finding, ok, problem, warning } from "./finding.ts"

const SETTINGS = "Change [settings] in the environment's file (docs/deployment/environment.md), then deploy."

/** What the server's variables come to, held against the environment's `domains`. */
export function judgeConfiguration(config: ConfigFacts, domains: string[]): Finding[] {
  const expected = `https://${domains[0]}`
  const found = config.frontendUrl?.replace(/\/+$/, "") ?? null
  const findings: Finding[] = []
  if (found !== expected)
    findings.push(
      problem(
        "configuration",
        `FRONTEND_URL is ${found ?? "not set"}, and people open ${expected}: links in letters lead elsewhere, and signing out is refused.`,
        `Set FRONTEND_URL to ${expected}; in the stack it is the first of domains.`,
      ),
    )
  if (config.environment !== "production" && config.environment !== "staging")
    findings.push(
      warning(
        "configuration",
        `The server runs as ${config.environment}, which lets passwords cross the network in the clear.`,
        "Set its variable to production or staging in [settings].",
      ),
    )
  for (const sentence of config.warnings) findings.push(warning("configuration", sentence, SETTINGS))
  return findings.length > 0
    ? findings
    : [ok("configuration", `FRONTEND_URL is ${expected}; the server runs as ${config.environment}.`)]
}
