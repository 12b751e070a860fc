import type { Environment } from "../environments/environment.ts"
import { type KitState, kitStateText } from "../recovery-kit/record.ts"
import type { Health } from "../smoke/health.ts"
import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

/** Whether backups are made, by what they told the server of themselves. */
export function judgeBackups(environment: Environment, health: Health | null): Finding {
  const told = health?.checks.backup
  const declared = environment.kind === "swarm" && environment.backup !== undefined
  if (!told || told.status === "unknown")
    return unknown("backups", "The server could not be asked when the last backup was made.")
  if (told.status === "ok")
    return ok(
      "backups",
      `The newest backup is of ${told.lastSuccessAt}; bun run ops backups says which is proven.`,
    )
  if (!declared && (told.status === "not reported" || !told.lastSuccessAt))
    return warning(
      "backups",
      "No backups are known of: who loses the database's volume loses everything.",
      "Give the environment's file a table [backup], or have `bun run ops backup` run every day elsewhere; and `bun run ops drill` on another host (docs/operations/backup-restore.md).",
    )
  return problem(
    "backups",
    told.lastSuccessAt
      ? `The last backup ${told.status === "failed" ? "failed; the newest" : "is late: the newest"} is of ${told.lastSuccessAt}.`
      : "No backup has been made yet.",
    "bun run ops backup ENVIRONMENT makes one, or says why not; bun run ops logs ENVIRONMENT --service backup says why the last failed.",
  )
}

/** Whether a lost host could come back: by a kit that was written and read back, and is of now. */
export function judgeKit({ kind }: Environment, state: KitState | null): Finding {
  const CURE = "bun run ops recovery-kit ENVIRONMENT (docs/operations/disaster-recovery.md)."
  if (!state || kind !== "swarm")
    return warning("recovery kit", "No recovery kit was made: when the host is lost, its secrets are.", CURE)
  const said = `The recovery kit was ${kitStateText(state)}.`
  return state.changed.length > 0 || state.environmentChanged
    ? warning("recovery kit", said, `Make a new one: ${CURE}`)
    : ok("recovery kit", said)
}
