import { duration } from "./pace.ts"

type Check = { status: string; lastSuccessAt?: string | null; lastRunAt?: string | null }
type Told = { backup: Check; drill: Check }

const PATIENCE = 5_000

/** What the server at `origin` was told of backups and drills: as sentences, and as facts (null where it does not answer). */
export async function backupsToldAt(
  origin: string,
  now = Date.now(),
): Promise<{ lines: string[]; facts: { backup: Check | null; drill: Check | null } }> {
  const told = await readHealth(origin)
  if (!told)
    return {
      lines: [`Backups: not known, since ${origin}/health does not tell.`],
      facts: { backup: null, drill: null },
    }
  return {
    lines: [sentence("Last backup", told.backup, now), sentence("Last drill", told.drill, now)],
    facts: { backup: told.backup, drill: told.drill },
  }
}

function sentence(what: string, { status, lastSuccessAt, lastRunAt }: Check, now: number): string {
  if (status === "not reported")
    return `${what}: not known; nothing tells the server (docs/operations/monitoring.md).`
  if (status === "unknown") return `${what}: not known; the server could not ask its database.`
  const age = (moment: string) => duration((now - Date.parse(moment)) / 1000)
  const succeeded = lastSuccessAt
    ? `${lastSuccessAt.slice(0, 16).replace("T", " ")} UTC, ${age(lastSuccessAt)} ago`
    : "none has succeeded yet"
  const failed =
    status !== "ok" && lastRunAt && lastRunAt !== lastSuccessAt ? `; one failed ${age(lastRunAt)} ago` : ""
  return `${what}: ${succeeded}${failed}${status === "old" ? " — LATE" : ""}.`
}

/** The answer may be a 503 and still tell. */
async function readHealth(origin: string): Promise<Told | null> {
  try {
    const answer = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(PATIENCE) })
    const { checks } = (await answer.json()) as { checks?: Partial<Told> }
    return checks?.backup && checks.drill ? { backup: checks.backup, drill: checks.drill } : null
  } catch {
    return null
  }
}
