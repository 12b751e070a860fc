/** One thing that was tried, and what came of it in a sentence. */
export type SmokeCheck = { name: string; ok: boolean; detail: string; milliseconds: number }

export type SmokeReport = {
  /** Whether every check that was tried held. What was skipped does not count. */
  ok: boolean
  checks: SmokeCheck[]
  /** What could not be tried, and why: it depends on something that failed. */
  skipped: { name: string; why: string }[]
  /** With a baseline: the failures that it did not show. */
  worse?: SmokeCheck[]
}

/** The failures of `after` that `before` did not show as well: what a new release is to blame for. */
export function worseThan(
  before: Pick<SmokeReport, "checks">,
  after: Pick<SmokeReport, "checks">,
): SmokeCheck[] {
  const known = new Set(before.checks.filter(({ ok }) => !ok).map(({ name }) => name))
  return after.checks.filter(({ name, ok }) => !ok && !known.has(name))
}

/** How a check is shown as it ends. */
export const checkLine = ({ name, ok, detail, milliseconds }: SmokeCheck) =>
  `${ok ? "✓" : "✗"} ${name}: ${detail} (${Math.round(milliseconds)} ms)`

export const skippedLine = ({ name, why }: SmokeReport["skipped"][number]) =>
  `– ${name}: not tried, because ${why}`
