import { expect, test } from "bun:test"
import { inEvenTime } from "./even-time.ts"

/** A clock that only stands or is slept on, and work that takes `milliseconds` of it. */
async function leavesAfter(milliseconds: number, outcome: () => unknown = () => "done") {
  let time = 5000
  const clock = {
    now: () => time,
    sleep: async (slept: number) => {
      time += slept
    },
  }
  const work = async () => {
    time += milliseconds
    return outcome()
  }
  const result = await inEvenTime(work, clock).catch((error) => error.message)
  return [time - 5000, result]
}

test("an answer leaves at a whole step, however long its work took within it", async () => {
  expect(await leavesAfter(1)).toEqual([100, "done"])
  expect(await leavesAfter(7.25)).toEqual([100, "done"])
  expect(await leavesAfter(99.9)).toEqual([100, "done"])
  expect(await leavesAfter(100.5)).toEqual([200, "done"])
})

test("so does a refusal", async () => {
  const refuse = () => {
    throw new Error("no")
  }
  expect(await leavesAfter(3, refuse)).toEqual([100, "no"])
})
