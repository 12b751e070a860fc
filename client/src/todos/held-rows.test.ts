import { expect, test } from "bun:test"
import { withHeld } from "./held-rows.ts"

const order = ["a", "b", "c", "d"]

test("rows that left stay where they were", () => {
  expect(withHeld(["a", "d"], new Set(["b", "c"]), order)).toEqual(["a", "b", "c", "d"])
  expect(withHeld(["b", "c", "d"], new Set(["a"]), order)).toEqual(["a", "b", "c", "d"])
  expect(withHeld([], new Set(["c"]), order)).toEqual(["c"])
})

test("a row that came back is not shown twice", () => {
  expect(withHeld(["a", "b", "d"], new Set(["b", "c"]), order)).toEqual(["a", "b", "c", "d"])
})

test("new rows and moved rows have their own places", () => {
  expect(withHeld(["new", "d", "a"], new Set(["b"]), order)).toEqual(["new", "d", "a", "b"])
})
