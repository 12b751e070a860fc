import { expect, test } from "bun:test"
import { lastDue, type Schedule, waitFor } from "./schedule.ts"

const HOUR = 3_600_000
const daily: Schedule = { every: 24 * HOUR, offset: 2 * HOUR }
const at = (moment: string) => Date.parse(moment)
const none = { failures: 0, failedAt: 0 }

test("once a day at the hour, whatever time zone", () => {
  expect(lastDue(at("2026-11-22T01:59:59Z"), daily)).toBe(at("2026-11-21T02:00:00Z"))
  expect(lastDue(at("2026-11-22T02:00:00Z"), daily)).toBe(at("2026-11-22T02:00:00Z"))
})

test("none was made: at once", () => {
  expect(waitFor(at("2026-11-22T12:00:00Z"), { newest: null, ...none }, daily)).toBe(0)
})

test("a restart after the day's backup makes no second one", () => {
  const newest = at("2026-11-22T02:00:04Z")
  expect(waitFor(at("2026-11-22T02:00:30Z"), { newest, ...none }, daily)).toBe(24 * HOUR - 30_000)
  expect(waitFor(at("2026-11-23T02:00:00Z"), { newest, ...none }, daily)).toBe(0)
})

test("a host that was off at the hour makes up for it, once, and keeps to the hour", () => {
  const newest = at("2026-11-19T02:00:04Z")
  const now = at("2026-11-22T09:00:00Z")
  expect(waitFor(now, { newest, ...none }, daily)).toBe(0)
  expect(waitFor(now + 5_000, { newest: now, ...none }, daily)).toBe(17 * HOUR - 5_000)
})

test("one by hand in the morning does not stand for that of the night after", () => {
  const newest = at("2026-11-22T10:00:00Z")
  expect(waitFor(at("2026-11-22T11:00:00Z"), { newest, ...none }, daily)).toBe(15 * HOUR)
})

test("what fails is tried again, later and later, and at least every hour", () => {
  const failedAt = at("2026-11-22T02:00:10Z")
  const waits = [1, 2, 3, 20].map((failures) =>
    waitFor(failedAt, { newest: null, failures, failedAt }, daily),
  )
  expect(waits).toEqual([60_000, 120_000, 240_000, HOUR])
  expect(waitFor(failedAt + 61_000, { newest: null, failures: 1, failedAt }, daily)).toBe(0)
})

test("a moment far ahead, by a clock that was wrong, stops nothing", () => {
  expect(waitFor(at("2026-11-22T12:00:00Z"), { newest: at("2027-11-22T12:00:00Z"), ...none }, daily)).toBe(0)
})
