import { expect, test } from "bun:test"
import { planOf } from "./plan.ts"
import { shrink } from "./shrink.ts"

const needs =
  (...numbers: number[]) =>
  async ({ steps }: { steps: { n: number }[] }) =>
    numbers.every((n) => steps.some((step) => step.n === n))

test("of a plan that fails the steps are found that it takes", async () => {
  const shortest = await shrink(planOf(1), needs(3, 17, 38))
  expect(shortest?.steps.map(({ n }) => n)).toEqual([3, 17, 38])
})

test("a plan that does not fail again is not shrunk", async () => {
  let looks = 0
  const never = async () => ++looks < 1
  expect(await shrink(planOf(1), never)).toBeNull()
  expect(looks).toBe(1)
})
