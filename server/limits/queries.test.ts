import { expect, test } from "bun:test"
import { Problem } from "../problems.ts"
import { testDatabase } from "../testing/database.ts"
import { charge, purgeLimits, refund } from "./queries.ts"

const { sql } = await testDatabase()
const limit = { name: "test", burst: 3, every: 60 }

const tryCharge = (key: string) =>
  charge(sql, limit, key).then(
    () => "charged" as const,
    (problem: Problem) => Number(problem.options.headers?.["Retry-After"]),
  )
const age = (seconds: number) => sql`update limits set arrival = arrival - make_interval(secs => ${seconds})`

test("a burst is let through, then one in every interval", async () => {
  for (const _ of [1, 2, 3]) expect(await tryCharge("ann")).toBe("charged")
  const wait = await tryCharge("ann")
  expect(wait).toBeGreaterThan(58)
  expect(wait).toBeLessThanOrEqual(60)
  await age(60)
  expect(await tryCharge("ann")).toBe("charged")
  expect(await tryCharge("ann")).toBeNumber()
  await age(24 * 3600)
  for (const _ of [1, 2, 3]) expect(await tryCharge("ann")).toBe("charged")
  expect(await tryCharge("ann")).toBeNumber()
})

test("a refusal does not lengthen the wait, and others are not affected", async () => {
  for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) await tryCharge("ben")
  expect(await tryCharge("ben")).toBeLessThanOrEqual(60)
  expect(await tryCharge("cem")).toBe("charged")
})

test("many at the same moment get no more than the burst", async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => tryCharge("dee")))
  expect(outcomes.filter((outcome) => outcome === "charged")).toHaveLength(3)
})

test("a refund gives one back, never more than there was", async () => {
  for (const _ of [1, 2, 3]) await tryCharge("eve")
  await refund(sql, [[limit, "eve"]])
  expect(await tryCharge("eve")).toBe("charged")
  expect(await tryCharge("eve")).toBeNumber()
  for (const _ of [1, 2, 3, 4, 5, 6]) await refund(sql, [[limit, "eve"]])
  for (const _ of [1, 2, 3]) expect(await tryCharge("eve")).toBe("charged")
  expect(await tryCharge("eve")).toBeNumber()
})

test("the table holds no key as it was typed, and empty buckets are purged", async () => {
  await tryCharge("fay@example.org")
  expect(await sql`select from limits where bucket like '%fay%'`).toHaveLength(0)
  await sql`update limits set arrival = now() - interval '1 second'`
  await tryCharge("gus")
  expect(await purgeLimits(sql)).toBeGreaterThan(0)
  expect(await sql`select from limits`).toHaveLength(1)
})

test("Problem is what a refusal throws", async () => {
  for (const _ of [1, 2, 3]) await tryCharge("hal")
  await expect(charge(sql, limit, "hal")).rejects.toBeInstanceOf(Problem)
})
