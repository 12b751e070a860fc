import { bytes, duration } from "./pace.ts"
import type { Beside } from "./restore-beside.ts"
import type { Backup } from "./stored-backups.ts"
import type { StagedBeside } from "./to-staging.ts"

type Told = {
  backup: Backup
  beside: Beside | StagedBeside
  staging: boolean
  /** The name under which the replaced database is kept; undefined when nothing was switched. */
  kept: string | null | undefined
  seconds: number
  place: string
}

/** What a restore has done, and what is left to the operator. */
export function restoredText({ backup, beside, staging, kept, seconds, place }: Told): string {
  const lines: string[] = []
  if ("alreadyProven" in beside)
    lines.push(`${beside.name} was restored from ${backup.id} and proven before; it is used as it is.`)
  else if ("scrubbed" in beside) {
    const { scrubbed, restored } = beside
    lines.push(
      `${backup.id} is scrubbed and copied into ${beside.name}, proven equal to what was scrubbed: ${restored.proof.tables} tables, ${restored.proof.rows.toLocaleString("en")} rows.`,
      `${scrubbed.rewritten.toLocaleString("en")} rows were rewritten, ${scrubbed.removed.toLocaleString("en")} removed. ${scrubbed.accounts.toLocaleString("en")} accounts are person-1@staging.invalid and so on, without a password: bun run reset-link person-1@staging.invalid lets you in.`,
    )
  } else {
    const { restored, quieted } = beside
    const { proof } = restored
    const letters = quieted.lettersDropped
    lines.push(
      `${backup.id} is restored into ${beside.name}, and proven equal: ${proof.tables} tables, ${proof.rows.toLocaleString("en")} rows, ${proof.definitions} definitions, ${proof.sequences} sequences, ${proof.grants === null ? "grants left out" : `${proof.grants} grants`}.`,
      `RTO: ${duration(seconds)} (restoring ${duration(restored.seconds.load)}, comparing ${duration(restored.seconds.compare)}; ${bytes(backup.database.bytes / Math.max(0.1, seconds))}/s). RPO: what was written after ${backup.takenAt} is not in it.`,
      `It is quiet: ${quieted.sessionsEnded} sessions ended, ${letters.length} waiting letters and ${quieted.jobsDropped} jobs dropped, ${quieted.erasedAgain} accounts erased again.`,
      ...letters.map(({ kind, accountId }) => `  not sent: ${kind} to account ${accountId}`),
      ...(quieted.migrated.length > 0
        ? [`Migrated, to be able to be quiet: ${quieted.migrated.join(", ")}.`]
        : []),
    )
  }
  lines.push(
    kept === undefined
      ? `Look at it, then put it in the place of ${place}: bun run ops restore ${backup.id}${staging ? " --to-staging" : ""} --switch`
      : `${place} is the restored one now${kept ? `; the one before is kept as ${kept}: drop it when nothing is missed` : ""}.`,
    "No mail goes out and no job runs until: bun run ops restore --go-live",
  )
  return lines.join("\n")
}
