import { expect, test } from "bun:test"
import { archiveFault, contentsIn } from "./archive-contents.ts"
import { choose } from "./choose.ts"
import { pointName, targetOf } from "./target.ts"

const now = new Date("2026-11-22T12:00:00Z")
const seconds = (time: string) => Date.parse(`2026-11-22T${time}Z`) / 1000
const backup = (label: string, timeline: number, ended: string, stop: string) => ({
  label,
  archive: { start: `0000000${timeline}0000000000000004` },
  lsn: { stop },
  timestamp: { start: seconds(ended) - 5, stop: seconds(ended) },
  info: { size: 1000 },
})
/** Restored at 06:00 to a moment before the second backup. */
const restoredOnce = contentsIn({
  info: [
    {
      status: { code: 0, message: "ok" },
      backup: [
        backup("first", 1, "01:00:00", "0/4000120"),
        backup("second", 1, "05:00:00", "0/9000000"),
        backup("third", 2, "06:05:00", "0/A000000"),
      ],
    },
  ],
  histories: { "00000002.history": { time: seconds("06:00:00") } },
  texts: {
    "00000002.history": Buffer.from("1\t0/7000000\tbefore 2026-11-22 04:00:00+00\n").toString("base64"),
  },
})
const chosen = (to: string) => {
  const { backup, timeline } = choose(restoredOnce, targetOf(to, { points: [], now }))
  return `${backup.label} on ${timeline}`
}

test("the timeline is the one that served then, and the backup one that leads to it", () => {
  expect(chosen("2026-11-22T02:00:00Z")).toBe("first on 1")
  expect(chosen("2026-11-22T05:30:00Z")).toBe("second on 1")
  // The second backup is of what the restore undid.
  expect(chosen("2026-11-22T06:03:00Z")).toBe("first on 2")
  expect(chosen("2026-11-22T07:00:00Z")).toBe("third on 2")
  expect(chosen("latest")).toBe("third on 2")
})

test("a moment before the oldest backup is refused, and the oldest is named", () => {
  expect(() => chosen("2026-11-22T00:59:00Z")).toThrow(
    "the oldest moment that can be restored is 2026-11-22T01:00:00.000Z",
  )
  expect(() => choose({ ...restoredOnce, backups: [] }, { kind: "latest", at: now })).toThrow(
    "no physical backup yet",
  )
})

test("a time has a zone, is on the clock, and is past", () => {
  const of = (text: string) => targetOf(text, { points: [], now })
  expect(of("2026-11-22T10:00:00+02:00").at.toISOString()).toBe("2026-11-22T08:00:00.000Z")
  expect(of("2026-11-22 10:00+02").at.toISOString()).toBe("2026-11-22T08:00:00.000Z")
  expect(() => of("2026-11-22T10:00:00")).toThrow("is no moment")
  expect(() => of("yesterday")).toThrow("is no moment")
  expect(() => of("2026-13-22T10:00:00Z")).toThrow("on no calendar")
  expect(() => of("2026-11-22T12:00:01Z")).toThrow("in the future")
})

test("a restore point is named by its release, or in full", () => {
  const points = [pointName(3, new Date("2026-11-22T03:00:00.250Z"))]
  expect(points).toEqual(["release-3-20261122T030000Z"])
  expect(targetOf("release-3", { points, now })).toEqual({
    kind: "point",
    name: "release-3-20261122T030000Z",
    at: new Date("2026-11-22T03:00:00Z"),
  })
  expect(targetOf(points[0]!, { points: [], now }).at.getUTCHours()).toBe(3)
  expect(() => targetOf("release-4", { points, now })).toThrow("There are: release-3-20261122T030000Z")
})

test("why an archive can't be read is named", () => {
  expect(archiveFault("FormatError: key/value found outside of section at line 1").message).toContain(
    "Wrong passphrase",
  )
  expect(archiveFault("HostConnectError: unable to get address for 's3'").message).toContain(
    "does not answer",
  )
  const quoted = archiveFault("FormatError: key/value found outside of section at line 1: 7\u001b[2J\u0000é")
  expect(quoted.message).toContain("line 1: 7·[2J·")
  expect(archiveFault("*** Path/Query ***: <Code>InvalidAccessKeyId</Code>").message).toContain("refuses")
})
