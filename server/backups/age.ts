/** Hours after which a backup, which is taken every day, and a drill are late; ops/monitoring/rules.yml has the same. */
export const MOST_HOURS = 26

type Known = { kind: "backup" | "drill"; outcome: "succeeded" | "failed"; succeededAt: string | null }

/**
 * How `kind` stands at `now` (milliseconds since 1970): `old` when none succeeded in the last 26 hours, and when none ever
 * did, since nothing known is no backup; `failed` when the last run failed and the one before is young enough.
 */
export function standingOf(kind: Known["kind"], states: Known[], now: number): "ok" | "failed" | "old" {
  const state = states.find((state) => state.kind === kind)
  if (!state?.succeededAt || now - Date.parse(state.succeededAt) > MOST_HOURS * 3_600_000) return "old"
  return state.outcome === "failed" ? "failed" : "ok"
}
