import { Refusal } from "../refusal.ts"

/** Where a Space answers, when it is asked as an API: `Owner/my.docket` → `https://owner-my-docket.hf.space`. */
export const addressOfSpace = (space: string) =>
  `https://${space.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.hf.space`

export const HUB = "https://huggingface.co"

/** Milliseconds. Waking a Space that sleeps takes longer than answering. */
const PATIENCE = 15_000
/** What the Hub calls a Space that will not come up by itself. */
const BROKEN = new Set([
  "BUILD_ERROR",
  "CONFIG_ERROR",
  "NO_APP_FILE",
  "RUNTIME_ERROR",
  "PAUSED",
  "STOPPED",
  "DELETING",
])

export type Running = { version: string; status: string; startedAt: Date }

type Health = { version: string; status: string; timestamp: string; uptime: number }

/** The server that answers at `api`, by its own clock; null while none does. */
export async function running(api: string): Promise<Running | null> {
  try {
    const answer = await fetch(`${api}/health`, { signal: AbortSignal.timeout(PATIENCE) })
    const { version, status, timestamp, uptime } = (await answer.json()) as Health
    const startedAt = new Date(Date.parse(timestamp) - uptime * 1000)
    return Number.isNaN(startedAt.getTime()) ? null : { version, status, startedAt }
  } catch {
    return null
  }
}

/** What the Hub says the Space is at, such as `BUILDING` or `RUNNING`; null when it can't be told. */
export async function stageOf(space: string, token: string | null, hub = HUB): Promise<string | null> {
  try {
    const answer = await fetch(`${hub}/api/spaces/${space}/runtime`, {
      headers: token ? { Authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(PATIENCE),
    })
    return ((await answer.json()) as { stage?: string }).stage ?? null
  } catch {
    return null
  }
}

type Wait = {
  api: string
  space: string
  token: string | null
  before: Running | null
  hub: string
  patience: number
  pause: number
}

/**
 * Resolves once another process than `before` answers. Rejects with a sentence after `patience` seconds, or as soon as
 * the Hub has tried and given up.
 */
export async function untilRestarted({
  api,
  space,
  token,
  before,
  hub,
  patience,
  pause,
}: Wait): Promise<Running> {
  const until = performance.now() + patience * 1000
  // What it says at first may be of the release before.
  let tried = false
  while (performance.now() < until) {
    const now = await running(api)
    // `uptime` is in whole seconds.
    if (now && (!before || now.startedAt.getTime() > before.startedAt.getTime() + 2000)) return now
    const stage = await stageOf(space, token, hub)
    if (stage && tried && BROKEN.has(stage)) throw new Refusal(1, `Hugging Face says ${stage}.`)
    if (stage && !BROKEN.has(stage) && stage !== "RUNNING") tried = true
    await Bun.sleep(pause * 1000)
  }
  throw new Refusal(1, `The Space did not start anew within ${Math.round(patience / 60)} minutes.`)
}
