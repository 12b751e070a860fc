import { Refusal } from "../refusal.ts"
import { type Found, type History, parseHistory, slotOf, withLook } from "./history.ts"
import type { Place } from "./place.ts"
import { render } from "./render.ts"

export const HISTORY = "history.json"
export const PAGE = "index.html"
/** Writers at once that get their turn. */
const TRIES = 6

export type Written = { history: History; keptAside: string | null }

/**
 * Adds what was found at `now` to the history in `place` and writes the page of it. A history that cannot be read is kept under
 * another name, and a new one begun, which the result says. Refuses (3) a history that has a look still to come.
 */
export async function writeStatus(
  place: Place,
  { title, found, now }: { title: string; found: Found; now: number },
): Promise<Written> {
  let keptAside: string | null = null
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const stored = await place.read(HISTORY)
    const known = stored && parseHistory(stored.text)
    if (known && known.last.slot > slotOf(now))
      throw new Refusal(
        3,
        "The history has a look that is still to come: is the clock of this machine wrong?",
      )
    if (stored && !known && keptAside === null) {
      keptAside = `history-unreadable-${new Date(now).toISOString().replace(/\D/g, "").slice(0, 14)}.json`
      await place.write(keptAside, stored.text)
    }
    const history = withLook(known, found, now)
    if (await place.write(HISTORY, JSON.stringify(history), stored)) {
      await place.write(PAGE, render(history, { title, now }))
      return { history, keptAside }
    }
    // Someone else wrote it meanwhile.
    await Bun.sleep(Math.random() * 200 * tries)
  }
  throw new Refusal(
    1,
    `The history in ${place.name} is written by others all the time: this look is not in it.`,
  )
}
