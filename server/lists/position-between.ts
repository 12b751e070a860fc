/** In ascending order of their bytes. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const ZERO = "0"
const LAST = "z"
/** The first character of a position, which says how long its integer is: a2 to z27 characters up from zero, Z2 to A27 down. */
const HEADS = DIGITS.slice(10)
const SMALLEST = `A${ZERO.repeat(26)}`

/**
 * A position that sorts after `before` and before `after`, either of which may be null for the start or the
 * end. Positions are fractional indexes in base 62, compared as bytes; equal ones are ordered by id.
 *
 * Two devices may have given out the same position. Nothing fits between equal ones: the result comes right
 * after both.
 *
 * The same keys as those of the `fractional-indexing` package (https://github.com/rocicorp/fractional-indexing), without
 * its checks: whoever sends a position has it held against `POSITION_PATTERN`.
 */
export function positionBetween(before: string | null, after: string | null): string {
  if (before === null) return after === null ? `a${ZERO}` : positionBefore(after)
  const integer = integerOf(before)
  const fraction = before.slice(integer.length)
  if (after === null) return step(integer, 1) ?? integer + midpoint(fraction, null)
  if (before >= after) return `${before}V`
  const next = step(integer, 1)
  if (integerOf(after) === integer) return integer + midpoint(fraction, after.slice(integer.length))
  return next !== null && next < after ? next : integer + midpoint(fraction, null)
}

function positionBefore(after: string): string {
  const integer = integerOf(after)
  if (integer === SMALLEST) return integer + midpoint("", after.slice(integer.length))
  // Not null: it is not the smallest.
  return integer < after ? integer : step(integer, -1)!
}

const integerOf = (position: string) => position.slice(0, lengthOf(position[0]!))

function lengthOf(head: string) {
  const at = HEADS.indexOf(head)
  return at < 26 ? 27 - at : at - 24
}

/** The integer above or below; null above the largest and below the smallest. */
function step(integer: string, by: 1 | -1): string | null {
  const turned = by > 0 ? ZERO : LAST
  for (let at = integer.length - 1; at > 0; at--) {
    const digit = DIGITS[DIGITS.indexOf(integer[at]!) + by]
    if (digit) return integer.slice(0, at) + digit + turned.repeat(integer.length - at - 1)
  }
  const head = HEADS[HEADS.indexOf(integer[0]!) + by]
  return head ? head + turned.repeat(lengthOf(head) - 1) : null
}

/** A fraction between two others, the second of which is not there for 1. Neither ends in a zero. */
function midpoint(low: string, high: string | null): string {
  if (high !== null) {
    let same = 0
    while ((low[same] ?? ZERO) === high[same]) same += 1
    if (same > 0) return high.slice(0, same) + midpoint(low.slice(same), high.slice(same))
  }
  const first = low ? DIGITS.indexOf(low[0]!) : 0
  const last = high === null ? DIGITS.length : DIGITS.indexOf(high[0]!)
  if (last - first > 1) return DIGITS[Math.round((first + last) / 2)]!
  if (high !== null && high.length > 1) return high[0]!
  return DIGITS[first]! + midpoint(low.slice(1), null)
}
