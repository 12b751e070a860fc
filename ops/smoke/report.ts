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

/** A line for each check, as a terminal shows it. */
export function smokeLines({ checks, skipped }: SmokeReport): string[] {
  const width = Math.max(...[...checks, ...skipped].map(({ name }) => name.length))
  return [
    ...checks.map(
      ({ name, ok, detail, milliseconds }) =>
        `${ok ? "✓" : "✗"} ${name.padEnd(width)}  ${`${Math.round(milliseconds)} ms`.padStart(8)}  ${detail}`,
    ),
    ...skipped.map(({ name, why }) => `– ${name.padEnd(width)}  ${"".padStart(8)}  not tried: ${why}`),
  ]
}
