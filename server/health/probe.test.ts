import { expect, test } from "bun:test"
import { probe } from "./probe.ts"

test("many askers share one run, and a fresh result is not asked for again", async () => {
  let runs = 0
  const ask = probe(
    async () => ++runs,
    () => -1,
  )
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  expect(await ask()).toBe(1)
})

test("a stale result is asked for again", async () => {
  let runs = 0
  const ask = probe(
    async () => ++runs,
    () => -1,
    { freshFor: 0 },
  )
  expect(await ask()).toBe(1)
  expect(await ask()).toBe(2)
})

test("what hangs is answered at the deadline, and is not started a second time", async () => {
  let runs = 0
  const ask = probe(
    () => {
      runs += 1
      return new Promise<string>(() => {})
    },
    (reason) => reason,
    { deadline: 20, freshFor: 0 },
  )
  expect(await ask()).toBe("no answer within 0.02 s")
  expect(await ask()).toBe("no answer within 0.02 s")
  expect(runs).toBe(1)
})

test("a run that never comes back does not stand in the way for ever", async () => {
  let runs = 0
  const ask = probe(
    () => {
      runs += 1
      return runs === 1 ? new Promise<string>(() => {}) : Promise.resolve("back")
    },
    (reason) => reason,
    { deadline: 20, abandonAfter: 30 },
  )
  expect(await ask()).toBe("no answer within 0.02 s")
  await Bun.sleep(40)
  expect(await ask()).toBe("back")
})

test("a failure is told by its code, never by its message", async () => {
  const ask = probe<string>(
    () =>
      Promise.reject(Object.assign(new Error("connect to db.internal as docket"), { code: "ECONNREFUSED" })),
    (reason) => reason,
  )
  expect(await ask()).toBe("ECONNREFUSED")
})
