import { describe, expect, test } from "bun:test"
import { POSITION_MAXIMUM, POSITION_PATTERN, respread } from "./ordering.ts"
import { positionBetween } from "./position-between.ts"

const isPosition = (text: string) =>
  text.length <= POSITION_MAXIMUM && new RegExp(POSITION_PATTERN).test(text)

/** Repeatable random numbers (mulberry32), so that a failure can be looked at again. */
function random(seed: number) {
  return (below: number) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below)
  }
}

describe("positionBetween", () => {
  test("wherever things are put, order holds and every position is one that is accepted", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const below = random(seed)
      const positions: string[] = []
      for (let n = 0; n < 300; n++) {
        const at = below(positions.length + 1)
        const position = positionBetween(positions[at - 1] ?? null, positions[at] ?? null)
        expect(isPosition(position)).toBe(true)
        positions.splice(at, 0, position)
      }
      expect(positions).toEqual([...new Set(positions)].sort((one, other) => (one < other ? -1 : 1)))
    }
  })

  test("ten thousand todos put at the end, or at the start, have short positions", () => {
    let [first, last]: [string | null, string | null] = [null, null]
    for (let n = 0; n < 10_000; n++) {
      last = positionBetween(last, null)
      first = positionBetween(null, first)
    }
    expect(last!.length).toBeLessThanOrEqual(4)
    expect(first!.length).toBeLessThanOrEqual(4)
  })

  test("between two equal positions comes the place right after both", () => {
    const position = positionBetween("a1", "a1")
    expect(position > "a1" && position < "a2" && isPosition(position)).toBe(true)
  })
})

test("respread shortens what moves into one place made long, and keeps the order", () => {
  const positions = ["a0", "a1", "a2"]
  while (positions[1]!.length <= 100) positions.splice(1, 0, positionBetween("a0", positions[1]!))
  const { start, positions: shorter } = respread(positions, 1)
  const after = [...positions.slice(0, start), ...shorter, ...positions.slice(start + shorter.length)]
  expect(after).toHaveLength(positions.length)
  expect(after).toEqual([...after].sort((one, other) => (one < other ? -1 : 1)))
  expect(Math.max(...after.map((position) => position.length))).toBeLessThanOrEqual(13)
  expect(after.every(isPosition)).toBe(true)
})

describe("a position is refused when", () => {
  for (const [fault, text] of [
    ["it is empty", ""],
    ["it has another character", "a-"],
    ["its head promises more digits than there are", "b1"],
    ["its head is a digit", "11"],
    ["its fraction ends in zero", "a0V0"],
    ["nothing fits before it", `A${"0".repeat(26)}`],
    ["it is longer than 200 characters", `a0${"V".repeat(199)}`],
    ["it ends in a line break", "a0\n"],
  ] as const)
    test(fault, () => expect(isPosition(text)).toBe(false))

  test("and whatever is accepted has a place before, after and beside it", () => {
    const below = random(7)
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    let accepted = 0
    for (let n = 0; n < 20_000; n++) {
      const text = Array.from({ length: 1 + below(30) }, () => digits[below(62)]).join("")
      if (!isPosition(text)) continue
      accepted += 1
      const [before, after] = [positionBetween(null, text), positionBetween(text, null)]
      expect(before < text && text < after).toBe(true)
      expect(positionBetween(before, text) < text && positionBetween(text, after) > text).toBe(true)
    }
    expect(accepted).toBeGreaterThan(1000)
  })
})
