import { Refusal } from "../refusal.ts"
import type { ArchiveContents, PhysicalBackup, Timeline } from "./archive-contents.ts"
import { type Target, targetText } from "./target.ts"

export type Choice = { backup: PhysicalBackup; timeline: number }

/**
 * The timeline that served at the target's moment, and the newest backup before it from which that timeline can be
 * followed. A restore begins a timeline; moments before it belong to the one that served then, also those that it undid.
 * Throws a `Refusal` (3) that names the oldest moment there is.
 */
export function choose({ backups, timelines }: ArchiveContents, target: Target): Choice {
  const timeline = timelines.findLast(({ since }) => since <= target.at) ?? timelines[0]!
  // The backup's own end has to be behind the target, or the database would not be whole there.
  const before = backups.filter(({ ended }) => target.kind === "latest" || ended <= target.at)
  const backup = before.findLast((candidate) => leadsTo(candidate, timeline))
  if (backup) return { backup, timeline: timeline.id }
  const [oldest] = backups
  throw new Refusal(
    3,
    oldest
      ? `There is no backup before ${targetText(target)} to begin from: the oldest moment that can be restored is ${oldest.ended.toISOString()}.`
      : "There is no physical backup yet, and so nothing to restore from: the first is made minutes after the first deploy.",
  )
}

/** Whether `timeline` is the backup's own, or left it behind the backup's end. */
function leadsTo({ timeline, end }: PhysicalBackup, { id, parents }: Timeline): boolean {
  if (timeline === id) return true
  const left = parents.find((parent) => parent.id === timeline)
  return left !== undefined && end <= left.until
}
