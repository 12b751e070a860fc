/** What a run of `bun test` came to. */
export type Counts = { passed: number; failed: number; skipped: number }

/**
 * Adds a run's JUnit report up. A run that ended badly though no test failed (a file that does not load, an error
 * outside tests, no test at all, a crash before any report) counts as one failure more.
 */
export function countsOf(report: string, exitCode: number): Counts {
  const [root = ""] = report.match(/<testsuites\b[^>]*>/) ?? []
  const attribute = (name: string) => Number(root.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0)
  const [tests, failed, skipped] = [attribute("tests"), attribute("failures"), attribute("skipped")]
  const passed = tests - failed - skipped
  const unaccounted = (exitCode !== 0 && failed === 0) || passed + failed === 0
  return { passed, failed: failed + (unaccounted ? 1 : 0), skipped }
}
