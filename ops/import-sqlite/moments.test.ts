import { expect, test } from "bun:test"
import { readMoment } from "./moments.ts"

const iso = (value: string | number, unit?: "seconds" | "milliseconds" | "microseconds") => {
  const moment = readMoment(value, unit)
  return moment === null ? null : new Date(moment).toISOString()
}

test("the same moment in every form that applications write", () => {
  for (const form of [
    1627303906,
    1627303906.122,
    1627303906122,
    1627303906122456,
    "1627303906",
    "1627303906122",
    "2021-07-26T12:51:46Z",
    "2021-07-26T12:51:46.122Z",
    "2021-07-26T12:51:46.122456+00:00",
    "2021-07-26T14:51:46+02:00",
    "2021-07-26T09:51:46-0300",
    "2021-07-26 12:51:46",
    "2021-07-26 12:51:46.122456",
    "2021-07-26 12:51:46 UTC",
  ])
    expect(iso(form)).toStartWith("2021-07-26T12:51:46")
})

test("a day is its midnight in UTC, and milliseconds are kept", () => {
  expect(iso("2024-02-29")).toBe("2024-02-29T00:00:00.000Z")
  expect(iso("2024-02-29 10:30")).toBe("2024-02-29T10:30:00.000Z")
  expect(iso(1627303906.122)).toBe("2021-07-26T12:51:46.122Z")
  expect(iso(1627303906122456)).toBe("2021-07-26T12:51:46.122Z")
})

test("what could be several moments, or is none, is none", () => {
  for (const form of [
    ...[
      "",
      "soon",
      "01/02/2024",
      "2024-1-2",
      "20240102",
      "2024-02-30",
      "2023-02-29",
      "0000-00-00",
      "2024-13-01",
    ],
    ...["2024-01-01 24:00:00", "2024-01-01 10:61", "2024-01-01T10:00:00+19:00", "12:00", "now"],
    ...["9999-12-31", "1627303906122-01-01", "1969-12-31 23:59:59"],
    ...[0, 1, -1, 20240102, 2459580.5, 99999999999, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
  ])
    expect({ form, moment: iso(form) }).toEqual({ form, moment: null })
})

test("with a unit a number is that or nothing", () => {
  expect(iso(1627303906, "seconds")).toBe("2021-07-26T12:51:46.000Z")
  expect(iso(1627303906122, "seconds")).toBeNull()
  expect(iso(1627303906, "milliseconds")).toBeNull()
})
