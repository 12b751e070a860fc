import { type Finding, ok, problem, unknown, warning } from "./finding.ts"

export type Space = { where: string; freeBytes: number; totalBytes: number }

const TIGHT = 0.15
const FULL = 0.05

/** Whether there is room left, by parts of the whole: PostgreSQL stops when there is none. */
export function judgeSpace(found: (Space | { where: string; missing: string })[]): Finding[] {
  return found.map((space) => {
    if ("missing" in space)
      return unknown("space", `How full ${space.where} is could not be told: ${space.missing}.`)
    const { where, freeBytes, totalBytes } = space
    const said = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} GB are free on ${where}`
    if (freeBytes > totalBytes * TIGHT) return ok("space", `${said}.`)
    const level = freeBytes < totalBytes * FULL ? problem : warning
    return level(
      "space",
      `Only ${said}.`,
      "Enlarge the disk, or remove what nobody needs: docker system df shows what Docker holds.",
    )
  })
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1)

/** The last line of `df -Pk PATH`. */
export function spaceFromDf(where: string, output: string): Space | { where: string; missing: string } {
  const fields = output.trim().split("\n").at(-1)?.split(/\s+/) ?? []
  const [total, free] = [Number(fields[1]), Number(fields[3])]
  if (!(total > 0) || Number.isNaN(free)) return { where, missing: "df said something else" }
  return { where, freeBytes: free * 1024, totalBytes: total * 1024 }
}
