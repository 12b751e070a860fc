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
  planRetention({ backups, unfinished }, proofs, { now, days: 30 })

test("what is older than its days goes", () => {
  expect(plan(proven(d1, d45))).toEqual({
    remove: [d90.id, d45.id, d31.id],
    clear: [],
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
  const planned = () => planRetention({ backups: future, unfinished: [] }, proven(d1), { now, days: 30 })
  expect(planned).toThrow(/A clock is wrong.*Nothing is removed/)
})
