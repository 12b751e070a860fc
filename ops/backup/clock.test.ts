import { expect, test } from "bun:test"
import { requireClock } from "./clock.ts"
import type { Storage } from "./storage.ts"

const storageAt = (time: number | null) =>
  ({ clock: async () => (time === null ? null : new Date(time)) }) as unknown as Storage
const noon = Date.parse("2026-11-21T12:00:00Z")
const MINUTE = 60_000

test.each([0, 4 * MINUTE, -4 * MINUTE])("clocks that are %i ms apart agree", async (apart) => {
  await requireClock(null, storageAt(noon + apart), () => noon)
})

test.each([6 * MINUTE, -6 * MINUTE, 40 * 24 * 60 * MINUTE])(
  "clocks that are %i ms apart are named",
  async (apart) => {
    await expect(requireClock(null, storageAt(noon + apart), () => noon)).rejects.toThrow(
      /A clock is wrong: this machine says 2026-11-21T12:00:00.000Z, the storage /,
    )
  },
)

test("a storage that says nothing of its clock is no fault", async () => {
  await requireClock(null, storageAt(null), () => noon)
})
