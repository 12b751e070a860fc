import { expect, test } from "bun:test"
import { createRoot, createSignal } from "solid-js"
import { createHeldRows, withHeld } from "./held-rows.ts"

test("a row that left is held where it stood, until it is back", () =>
  createRoot((dispose) => {
    const [ids, setIds] = createSignal(["a", "b", "c"])
    const rows = createHeldRows(ids, () => {})
    rows.hold("b")
    setIds(["a", "c"])
    expect(rows.shown()).toEqual(["a", "b", "c"])
    setIds(["a", "c", "b"])
    expect(rows.shown()).toEqual(["a", "c", "b"])
    setIds(["new", "a", "c"])
    expect(rows.shown()).toEqual(["new", "a", "b", "c"])
    dispose()
  }))

test("rows that left stay where they were", () => {
  expect(withHeld(["a", "c", "d"], [{ id: "b", above: ["a"] }])).toEqual(["a", "b", "c", "d"])
  expect(withHeld(["b"], [{ id: "a", above: [] }])).toEqual(["a", "b"])
})

test("several that left stay in their order, whichever left first", () => {
  const b = { id: "b", above: ["a"] }
  const c = { id: "c", above: ["b", "a"] }
  expect(withHeld(["a", "d"], [b, c])).toEqual(["a", "b", "c", "d"])
  expect(withHeld(["a", "d"], [c, b])).toEqual(["a", "b", "c", "d"])
  expect(withHeld([], [c, b])).toEqual(["b", "c"])
})

test("a row that came back is not shown twice", () => {
  expect(withHeld(["a", "b"], [{ id: "b", above: ["a"] }])).toEqual(["a", "b"])
})

test("stands below the nearest row that is still there", () => {
  expect(withHeld(["new", "a", "d"], [{ id: "c", above: ["deleted", "a"] }])).toEqual(["new", "a", "c", "d"])
})

test("rows that stood above each other in turn are all shown", () => {
  const held = [
    { id: "a", above: ["b"] },
    { id: "b", above: ["a"] },
  ]
  expect(withHeld(["c"], held).toSorted()).toEqual(["a", "b", "c"])
})
