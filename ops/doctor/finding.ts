/** `unknown`: it could not be looked at, and the finding says why. */
export const levels = ["ok", "warning", "problem", "unknown"] as const
export type Level = (typeof levels)[number]

/** One thing that was looked at. `finding` is a sentence, and so is `cure`, which everything but `ok` may have. */
export type Finding = { check: Check; level: Level; finding: string; cure?: string }

/** What is looked at, in the order of the report. docs/operations/doctor.md explains each. */
export const checks = [
  "dns",
  "ports",
  "tls",
  "redirect",
  "headers",
  "cors",
  "domains",
  "health",
  "smoke",
  "caller address",
  "clock",
  "configuration",
  "database",
  "database version",
  "pooler",
  "privileges",
  "migrations",
  "space",
  "mail",
  "spf",
  "dkim",
  "dmarc",
  "alerts",
  "backups",
  "recovery kit",
  "hardening",
  "networks",
  "secrets",
  "routing",
  "updates",
  "spread",
  "release",
] as const
export type Check = (typeof checks)[number]

export const ok = (check: Check, finding: string): Finding => ({ check, level: "ok", finding })
export const warning = (check: Check, finding: string, cure: string): Finding => ({
  check,
  level: "warning",
  finding,
  cure,
})
export const problem = (check: Check, finding: string, cure: string): Finding => ({
  check,
  level: "problem",
  finding,
  cure,
})
export const unknown = (check: Check, why: string, cure?: string): Finding => ({
  check,
  level: "unknown",
  finding: why,
  ...(cure && { cure }),
})
