import { expect, test } from "bun:test"
import { requestDeadline } from "./request-deadline.ts"

const never = () => new Promise<Response>(() => {})
const late = () => new Response("late")
const text = async (answer: Promise<Response>) => (await answer).text()

test("a request that waits for ever is answered when its time is over, and not before", async () => {
  let now = 0
  const { race, sweep } = requestDeadline(30, () => now)
  const first = text(race(never(), late))
  now = 20_000
  const second = text(race(never(), late))
  now = 31_000
  sweep()
  expect(await first).toBe("late")
  expect(await Promise.race([second, Bun.sleep(10)])).toBeUndefined()
  now = 51_000
  sweep()
  expect(await second).toBe("late")
})

test("one that is answered in time is not touched", async () => {
  let now = 0
  const { race, sweep } = requestDeadline(30, () => now)
  const slow = Promise.withResolvers<Response>()
  const answer = text(race(slow.promise, late))
  now = 29_000
  sweep()
  slow.resolve(new Response("in time"))
  expect(await answer).toBe("in time")
  expect(race(Promise.reject(new Error("its own")), late)).rejects.toThrow("its own")
})
