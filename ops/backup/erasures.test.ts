import { expect, test } from "bun:test"
import { oldErasures } from "./erasures.ts"
import type { StoredObject } from "./storage.ts"

const object = (name: string, at: string): StoredObject => ({ key: `erasures/${name}.json`, size: 1, at })
const old = (objects: StoredObject[], moment: string) =>
  oldErasures({ list: async () => objects }, new Date(moment))

test("of what holds all erasures the newest stays, however old; what holds the recent ones goes with its time", async () => {
  const objects = [
    object("20260101T020000", "2026-01-01T02:00:00Z"),
    object("20260102T020000", "2026-01-02T02:00:00Z"),
    object("20260102T091500-recent", "2026-01-02T09:15:00Z"),
    object("20260401T091500-recent", "2026-04-01T09:15:00Z"),
  ]
  expect(await old(objects, "2026-03-01T00:00:00Z")).toEqual([
    "erasures/20260101T020000.json",
    "erasures/20260102T091500-recent.json",
  ])
})
