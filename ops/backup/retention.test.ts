import { expect, test } from "bun:test"
import type { Proof } from "./proofs.ts"
import { planRetention } from "./retention.ts"
import { type Backup, newId } from "./stored-backups.ts"

const now = new Date("2026-11-21T22:00:00Z")
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString()
const backup = (days: number) => ({ id: newId(daysAgo(days)), takenAt: daysAgo(days) }) as Backup
const proven = (...backups: Backup[]) => new Map(backups.map(({ id }) => [id, {} as Proof]))

/** Oldest first, as they are listed. */
const [d90, d45, d31, d29, d1] = [90, 45, 31, 29, 1].map(backup) as [Backup, Backup, Backup, Backup, Backup]
const backups = [d90, d45, d31, d29, d1]
const plan = (proofs: Map<string, Proof>, unfinished: string[] = []) =>
  planRetention({ backups, unfinished }, proofs, { now, days: 30, months: 0 })

test("what is older than its days goes", () => {
  expect(plan(proven(d1, d45))).toEqual({
    remove: [d90.id, d45.id, d31.id],
    clear: [],
    monthly: [],
    spared: null,
    held: null,
  })
})

test("the newest proven one stays, however old it is and whatever came after it", () => {
  expect(plan(proven(d90, d45))).toMatchObject({ remove: [d90.id, d31.id], spared: d45.id })
})

test("while none is proven, nothing goes", () => {
  expect(plan(proven())).toMatchObject({ remove: [], held: "No backup is proven, so none is removed." })
})

test("what was never finished is cleared after two days, and left alone while it may be at work", () => {
  const [old, young] = [newId(daysAgo(3)), newId(daysAgo(0.1))]
  expect(plan(proven(d1), [old, young, "what is this"]).clear).toEqual([old])
})

test("a backup of the future means that a clock is wrong, and nothing goes", () => {
  const future = [...backups, backup(-1)]
  const planned = () =>
    planRetention({ backups: future, unfinished: [] }, proven(d1), { now, days: 30, months: 0 })
  expect(planned).toThrow(/A clock is wrong.*Nothing is removed/)
})

/** One a day at noon (UTC), from the first to the last day of a span, oldest first. */
function daily(from: string, to: string): Backup[] {
  const days: Backup[] = []
  for (
    let time = Date.parse(`${from}T12:00:00Z`);
    time <= Date.parse(`${to}T12:00:00Z`);
    time += 86_400_000
  ) {
    const takenAt = new Date(time).toISOString()
    days.push({ id: newId(takenAt), takenAt } as Backup)
  }
  return days
}
const dates = (ids: string[]) => ids.map((id) => id.slice(0, 8))
const monthlyAt = (backups: Backup[], proofs: Map<string, Proof>, at: string, months: number) =>
  planRetention({ backups, unfinished: [] }, proofs, { now: new Date(at), days: 30, months })

test("with twelve months, the first of each of the last twelve stays, by calendar months of UTC", () => {
  const all = daily("2025-01-01", "2026-03-01")
  const { monthly, remove } = monthlyAt(all, proven(...all), "2026-03-01T23:59:59Z", 12)
  expect(dates(monthly)).toEqual(
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
      .map((month) => `2025${`${month}`.padStart(2, "0")}01`)
      .concat("20260101"),
  )
  // January's last day is 29 days old, February is younger still, and neither is removed.
  expect(dates(remove)).toContain("20250201")
  expect(dates(remove)).toContain("20260129")
  expect(dates(remove)).not.toContain("20260131")
  const next = monthlyAt(all, proven(...all), "2026-04-01T00:00:00Z", 12)
  expect(dates(next.monthly).slice(0, 2)).toEqual(["20250401", "20250501"])
  expect(dates(next.remove)).toContain("20250301")
})

test("month by month, run every day, twelve are left, and the one kept stays the same", () => {
  let stored: Backup[] = []
  const kept = new Set<string>()
  for (const backup of daily("2024-01-31", "2026-02-28")) {
    stored.push(backup)
    const plan = monthlyAt(stored, proven(...stored), backup.takenAt, 12)
    stored = stored.filter(({ id }) => !plan.remove.includes(id))
    for (const id of plan.monthly) kept.add(id)
  }
  const old = stored.filter(({ takenAt }) => takenAt < "2026-01-29")
  expect(dates(old.map(({ id }) => id))).toEqual(
    ["20250201", "20250301", "20250401", "20250501", "20250601", "20250701", "20250801", "20250901"].concat([
      "20251001",
      "20251101",
      "20251201",
      "20260101",
    ]),
  )
  expect(kept.size).toBe(25)
})

test("of a month the first that is proven stays; where none is, the first", () => {
  const [a, b, c] = daily("2026-05-01", "2026-05-03") as [Backup, Backup, Backup]
  const later = daily("2026-08-01", "2026-08-01")[0]!
  const at = "2026-08-02T00:00:00Z"
  expect(monthlyAt([a, b, c, later], proven(b, c, later), at, 12).monthly).toEqual([b.id])
  expect(monthlyAt([a, b, c, later], proven(later), at, 12).monthly).toEqual([a.id])
})

test("the newest proven stays beside the month's own, and months are off unless they are asked for", () => {
  const [a, b, c] = daily("2026-05-01", "2026-05-03") as [Backup, Backup, Backup]
  const at = "2026-08-02T00:00:00Z"
  expect(monthlyAt([a, b, c], proven(a, c), at, 12)).toMatchObject({
    monthly: [a.id],
    spared: c.id,
    remove: [b.id],
  })
  expect(monthlyAt([a, b, c], proven(a, c), at, 0)).toMatchObject({ monthly: [], remove: [a.id, b.id] })
  expect(monthlyAt([a, b, c], proven(c), "2027-06-01T00:00:00Z", 12)).toMatchObject({
    monthly: [],
    spared: c.id,
  })
})
