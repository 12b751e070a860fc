import { expect, test } from "bun:test"
import { Conditions } from "./conditions.ts"

const MINUTE = 60_000
const START = Date.parse("2026-01-31T12:00:00Z")

/** Looks of a minute each; null is one that finds nothing. */
function told(looks: (string | null)[], patience = 2 * MINUTE) {
  const conditions = new Conditions()
  return looks.map(
    (found, minute) => conditions.look("DiskLow", found, patience, START + minute * MINUTE)?.status ?? "",
  )
}

test("what is wrong is told once its patience is over, and once", () => {
  expect(told(["low", "low", "low", "low", "low"])).toEqual(["", "", "firing", "", ""])
})

test("what comes and goes is told by nobody", () => {
  expect(told(["low", "low", null, "low", "low", null])).toEqual(["", "", "", "", "", ""])
})

test("the end is told after two looks that find nothing, and one in between is no end", () => {
  expect(told(["low", "low", "low", null, "low", null, null, null])).toEqual([
    "",
    "",
    "firing",
    "",
    "",
    "",
    "resolved",
    "",
  ])
})

test("what still holds is told again after four hours, with since when", () => {
  const conditions = new Conditions()
  conditions.look("DiskLow", "low", 0, START)
  expect(conditions.look("DiskLow", "lower", 0, START + 239 * MINUTE)).toBeNull()
  expect(conditions.look("DiskLow", "lower", 0, START + 240 * MINUTE)).toEqual({
    name: "DiskLow",
    status: "firing",
    summary: "lower",
    since: "2026-01-31T12:00:00.000Z",
  })
})

test("conditions do not stand in each other's way", () => {
  const conditions = new Conditions()
  expect(conditions.look("One", "wrong", 0, START)?.name).toBe("One")
  expect(conditions.look("Two", "wrong", 0, START)?.name).toBe("Two")
  expect(conditions.look("Two", null, 0, START)).toBeNull()
  expect(conditions.look("Two", null, 0, START)?.status).toBe("resolved")
  expect(conditions.look("One", null, 0, START)).toBeNull()
})
