import { say } from "../progress.ts"
import { Refusal } from "../refusal.ts"
import { variable } from "./settings.ts"

export type Report = {
  kind: "backup" | "drill"
  outcome: "succeeded" | "failed"
  /** Of a success: the moment that the backup brings back, or at which the drill proved one. ISO 8601. */
  at: string
  sizeBytes?: number
}

const PATIENCE = 10_000
/** Milliseconds before each further try: a server that is being rolled out is back by then. */
const RETRIES = [2_000, 15_000]

/**
 * Does `work` and tells the server how it ended, so that its `/health`, metrics and alerts know. `told` is what is told of
 * a success. What failed fails as before.
 */
export async function telling<T>(
  kind: Report["kind"],
  work: () => Promise<T>,
  told: (result: T) => Pick<Report, "at" | "sizeBytes">,
): Promise<T> {
  // A setting that is wrong is said before hours of work.
  const place = reportPlace()
  let result: T
  try {
    result = await work()
  } catch (error) {
    if (place) await send(place, { kind, outcome: "failed", at: new Date().toISOString() })
    throw error
  }
  if (place) await send(place, { kind, outcome: "succeeded", ...told(result) })
  return result
}

type Place = { url: string; token: string }

/** Of BACKUP_REPORT_URL (where the installation answers) and BACKUP_REPORT_TOKEN; null where neither is set. */
function reportPlace(): Place | null {
  const [url, token] = [variable("BACKUP_REPORT_URL"), variable("BACKUP_REPORT_TOKEN")]
  if (url === undefined && token === undefined) return null
  if (url === undefined || token === undefined)
    throw new Refusal(
      2,
      `${url ? "BACKUP_REPORT_TOKEN" : "BACKUP_REPORT_URL"} is not set: it goes with ${url ? "BACKUP_REPORT_URL" : "BACKUP_REPORT_TOKEN"}.`,
    )
  if (!/^https?:\/\/[^/?#@]+\/?$/.test(url))
    throw new Refusal(2, "BACKUP_REPORT_URL is no address like https://docket.example.org.")
  return { url: `${url.replace(/\/$/, "")}/api/backup-reports`, token }
}

/** A backup is none the worse if the server can't be told: its alert then says that it is old. */
async function send({ url, token }: Place, report: Report): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const fault = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(report),
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "manual",
    }).then(
      async (answer) => {
        await answer.body?.cancel()
        return answer.status === 204 ? null : `it answered ${answer.status}`
      },
      (error: { code?: unknown; name?: unknown }) => `no answer (${error.code ?? error.name})`,
    )
    if (fault === null) return
    const pause = RETRIES[tries]
    if (pause === undefined) return say(`the server could not be told at ${new URL(url).host}: ${fault}`)
    await Bun.sleep(pause)
  }
}
