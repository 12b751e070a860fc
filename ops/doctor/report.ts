import { type Finding, type Level, levels } from "./finding.ts"

const MARKS: Record<Level, string> = { ok: "✓", warning: "!", problem: "✗", unknown: "?" }

/** The report as a terminal shows it: in the order that it was looked, with each cure below its finding. */
export function findingLines(name: string, findings: Finding[]): string[] {
  const lines = joined(findings).flatMap(linesOf)
  // Cures name commands; what they are given is this environment.
  return [...lines.map((line) => line.replaceAll("ENVIRONMENT", name)), "", `${name}: ${summary(findings)}.`]
}

/** What could not be looked at for the same reason is one line. */
function joined(findings: Finding[]): { checks: string[]; finding: Finding }[] {
  const lines: { checks: string[]; finding: Finding }[] = []
  for (const finding of findings) {
    const same = lines.find(
      (line) => finding.level === "unknown" && line.finding.finding === finding.finding && !finding.cure,
    )
    if (same) same.checks.push(finding.check)
    else lines.push({ checks: [finding.check], finding })
  }
  return lines
}

function linesOf({ checks, finding: { level, finding, cure } }: ReturnType<typeof joined>[number]): string[] {
  const first = `${MARKS[level]} ${checks.join(", ")}: ${finding}`
  return cure ? [first, `    ${cure}`] : [first]
}

function summary(findings: Finding[]): string {
  const counts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count === 0
      ? []
      : [`${count} ${level === "ok" || level === "unknown" || count === 1 ? level : `${level}s`}`]
  })
  return counts.join(", ")
}

/** What was just looked at, and the worst of it. */
export function progressLine(findings: Finding[]): string {
  const checks = [...new Set(findings.map(({ check }) => check))].join(", ")
  const worst = (["problem", "warning", "unknown", "ok"] as const).find((level) =>
    findings.some((finding) => finding.level === level),
  )
  return `${checks}: ${worst}`
}
