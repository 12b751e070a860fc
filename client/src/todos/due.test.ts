import { expect, test } from "bun:test"
import { addDays, dateIn, daysBetween, nextMonday } from "./due.ts"

test("the date is that of the person's time zone", () => {
  const now = Date.parse("2026-11-20T23:30:00Z")
  expect(dateIn("UTC", now)).toBe("2026-11-20")
  expect(dateIn("Asia/Shanghai", now)).toBe("2026-11-21")
  expect(dateIn("America/Los_Angeles", now)).toBe("2026-11-20")
})

test("days are counted over months, years and changes of the clock", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01")
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29")
  expect(addDays("2026-03-29", -1)).toBe("2026-03-28")
  expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2)
  expect(daysBetween("2026-11-02", "2026-10-31")).toBe(-2)
})

test("next week begins on the Monday that comes", () => {
  expect(nextMonday("2026-11-20")).toBe("2026-11-23")
  expect(nextMonday("2026-11-22")).toBe("2026-11-23")
  expect(nextMonday("2026-11-23")).toBe("2026-11-30")
})
