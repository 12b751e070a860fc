import { generateKeyBetween } from "fractional-indexing"

/** Most characters of a position that is stored. */
export const POSITION_MAXIMUM = 200

/**
 * A position that sorts after `before` and before `after`, either of which may be null for the start or the
 * end. Positions are fractional indexes in base 62, compared as bytes; equal ones are ordered by id.
 */
export function positionBetween(before: string | null, after: string | null): string {
  return generateKeyBetween(before, after)
}
