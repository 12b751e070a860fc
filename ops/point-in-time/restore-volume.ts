import { bytes, duration } from "../backup/pace.ts"
import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import type { Change } from "../swarm/change.ts"
import { runOneShot } from "../swarm/one-shot.ts"
import type { CurrentSecrets } from "../swarm/secrets.ts"
import { archiveFault } from "./archive-contents.ts"
import type { Choice } from "./choose.ts"
import { archiveJob } from "./job.ts"
import { type Target, targetText } from "./target.ts"

/** What came of it, as the database itself says. */
export type Recovered = {
  /** When the last transaction that is in it was committed; null where log held none after the backup. */
  recoveredTo: string | null
  timeline: number
  bytes: number
}

/** Of a restore and the recovery after it: a terabyte at 100 MB/s takes three. */
const SECONDS = 12 * 3600
const MEMORY = 1_000_000_000
export const DATA = "/var/lib/postgresql"

/** Where the stack's database keeps its volumes. */
export const onDatabaseNode = (stack: string) => [`node.labels.${stack}.database == true`]

/**
 * Restores into the volume `volume`, which is made or begun anew, on the node that the stack's database is on, and
 * recovers up to the target. Throws a `Refusal` that says how far recovery came where it does not come there.
 */
export async function restoreVolume(
  { engine, environment, stack, signal }: Change,
  secrets: CurrentSecrets,
  { volume, target, choice }: { volume: string; target: Target; choice: Choice },
): Promise<Recovered> {
  const { backup, timeline } = choice
  const job = await archiveJob(engine, environment, secrets)
  const began = performance.now()
  const wanted = {
    SET: backup.label,
    TIMELINE: `${timeline}`,
    TYPE: target.kind === "latest" ? "default" : target.kind === "time" ? "time" : "name",
    TARGET: target.kind === "latest" ? "" : target.kind === "time" ? postgresTime(target.at) : target.name,
  }
  const { ended, output, reason } = await runOneShot(engine, {
    ...job,
    name: `${stack}_restore`,
    command: ["/usr/local/lib/docket/restore-point-in-time.sh"],
    variables: [...job.variables!, ...Object.entries(wanted).map(([name, value]) => `${name}=${value}`)],
    volume: { name: volume, target: DATA },
    constraints: onDatabaseNode(stack),
    memory: MEMORY,
    seconds: SECONDS,
    signal,
    onLines: (lines) => tell(lines, backup.bytes, began),
  })
  if (signal.aborted) throw signal.reason
  const line = output.split("\n").findLast((text) => text.startsWith('{"recoveredTo"'))
  if (ended === "done" && line) return JSON.parse(line) as Recovered
  throw unreached(target, output) ?? archiveFault(output || reason)
}

/** With the rate and the time left while the backup comes, then how far recovery is. */
function tell(lines: string[], whole: number, began: number) {
  const line = lines.findLast((text) => /^(restored|recovered) \S/.test(text))
  if (!line) return
  const [what, value] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]
  if (what === "recovered") return say(`  recovered up to ${value}`)
  const done = Number(value)
  const rate = done / ((performance.now() - began) / 1000)
  const left = rate > 0 ? duration(Math.max(0, whole - done) / rate) : "?"
  say(`  ${bytes(done)} of ${bytes(whole)}, ${bytes(rate)}/s, ${left} left`)
}

/** Where the log ends before the target: PostgreSQL refuses, rather than to come up as of another moment. */
function unreached(target: Target, output: string): Refusal | undefined {
  if (!/recovery ended before configured recovery target was reached/.test(output)) return
  const last = /last completed transaction was at log time (\S+ \S+)/.exec(output)?.[1]
  return new Refusal(
    3,
    `The archive ends before ${targetText(target)}${last ? `: the last moment that it holds is ${last}` : ""}. --to ${last ? `"${last}"` : "an earlier moment"} brings that back, --to latest the end of what is archived. Nothing was changed.`,
    { lastMoment: last ?? null },
  )
}

const postgresTime = (at: Date) => at.toISOString().replace("T", " ").replace("Z", "+00")
