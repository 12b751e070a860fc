import { expect, test } from "bun:test"
import { generateKeyBetween } from "fractional-indexing"
import { positionBetween } from "./position-between.ts"

/** Repeatable random numbers below 1 (mulberry32). */
function random(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

test("gives out the keys that fractional-indexing does, wherever things are put", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed)
    const positions: string[] = []
    // Some walks stay at one place, where keys grow; some at an end, where integers do.
    const stays = next() < 0.5
    for (let n = 0; n < 400; n++) {
      const at =
        stays && n > 0 ? Math.min(positions.length, seed % 5) : Math.floor(next() * (positions.length + 1))
      const [before, after] = [positions[at - 1] ?? null, positions[at] ?? null]
      const position = positionBetween(before, after)
      expect(position).toBe(generateKeyBetween(before, after))
      positions.splice(at, 0, position)
    }
  }
})

test("gives out the same at the borders of integers", () => {
  const pairs: [string | null, string | null][] = [
    [null, `A${"0".repeat(25)}1`],
    [null, `A${"0".repeat(26)}V`],
    [`z${"z".repeat(26)}`, null],
    [`z${"z".repeat(26)}V`, null],
    ["Zz", "a0"],
    ["az", "b00"],
    ["az", "b01"],
    ["Y00", "Y01"],
    [null, "Y00"],
    [null, "Z0"],
    ["zzzzzzzzzzzzzzzzzzzzzzzzzzy", null],
    ["a0", "a0V"],
    ["a0z", "a1"],
    ["a0", "a00V"],
    ["a0zzV", "a1"],
  ]
  for (const [before, after] of pairs)
    expect([before, after, positionBetween(before, after)]).toEqual([
      before,
      after,
      generateKeyBetween(before, after),
    ])
})
