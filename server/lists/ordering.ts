import { generateNKeysBetween } from "fractional-indexing"

/** Most characters of a position that is stored. */
export const POSITION_MAXIMUM = 200

/** Positions longer than this are given out anew, shorter (`respread`). */
export const POSITION_LONG = 100
/** What counts as short beside a long one: in a list of 100,000 that was never reordered, none has more than 4. */
const POSITION_SHORT = 10

/**
 * What a position looks like: a head that says how many base-62 digits its integer has (a1…z26 up from zero,
 * Z1…A26 down), the integer, and a fraction that does not end in 0. Any other text would make the next position
 * beside it impossible to compute. The smallest integer is left out: nothing fits before it.
 */
export const POSITION_PATTERN = `^(?!A0{26}$)(?:${Array.from({ length: 26 }, (_, index) => {
  const [up, down] = [String.fromCharCode(97 + index), String.fromCharCode(90 - index)]
  return `[${up}${down}][0-9A-Za-z]{${index + 1}}`
}).join("|")})(?:[0-9A-Za-z]*[1-9A-Za-z])?$`

/**
 * Ever shorter gaps make ever longer positions, a character for each five or six moves into one place. Given
 * all positions of a list in order, gives new ones to the run of long ones around `index`, spread evenly
 * between its short neighbours: the index of the first that changes, and their new positions.
 */
export function respread(positions: string[], index: number): { start: number; positions: string[] } {
  const isLong = (at: number) => positions[at] !== undefined && positions[at].length > POSITION_SHORT
  let start = index
  while (isLong(start - 1)) start -= 1
  let end = index + 1
  while (isLong(end)) end += 1
  return {
    start,
    positions: generateNKeysBetween(positions[start - 1] ?? null, positions[end] ?? null, end - start),
  }
}
