import { expect, test } from "bun:test"
import { isTimeZone } from "./time-zone.ts"

test("names of the IANA database, old ones too, and nothing else", () => {
  for (const name of [
    "UTC",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "Asia/Kolkata",
    "Asia/Calcutta",
  ])
    expect([name, isTimeZone(name)]).toEqual([name, true])
  for (const name of [
    "",
    "+01:00",
    "-0500",
    "Mars/Olympus",
    "Berlin",
    "Europe/Berlin\u0000",
    "../etc/passwd",
  ])
    expect([name, isTimeZone(name)]).toEqual([name, false])
})
