import { createHash } from "node:crypto"
import { Problem } from "./problems.ts"

/** A place in a listing: the sort keys of the last item that was given. */
export type Place = (string | null)[]

/** Everything that decides which items are listed and in which order, whatever the order of its members. */
type Listing = Record<string, unknown>

/**
 * An opaque cursor for the page that follows `place`. It is bound to `listing`, so it cannot be used
 * in another.
 */
export function cursorAt(place: Place, listing: Listing): string {
  return Buffer.from(JSON.stringify([digest(listing), ...place])).toString("base64url")
}

/** The place a cursor stands for: an array of `length` that `isPlace` accepts. Throws a problem for any other text. */
export function placeOf(cursor: string, listing: Listing, isPlace: (place: Place) => boolean): Place {
  try {
    const [bound, ...place] = JSON.parse(Buffer.from(cursor, "base64url").toString())
    if (bound === digest(listing) && isPlace(place)) return place
  } catch {
    // Not JSON, or no array: no cursor of ours, like any other.
  }
  throw Problem.invalidInput([
    {
      path: "/cursor",
      code: "not-a-cursor",
      message: "This is no cursor of this listing; start at its first page.",
    },
  ])
}

function digest(listing: Listing): string {
  const members = Object.entries(listing)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url").slice(0, 12)
}
