/** Something that is wrong, or not any more. */
export type Alert = {
  name: string
  status: "firing" | "resolved"
  /** One sentence, with the figure where there is one; no address, no secret. */
  summary: string
  /** When it began, ISO 8601. */
  since: string
}

/** What one look found: a sentence of what is wrong, or null. */
export type Found = string | null

type State = { wrongSince: number | null; toldAt: number | null; rightLooks: number; summary: string }

/** Milliseconds after which what still holds is told again. */
const REPEAT = 4 * 60 * 60 * 1000
/** Looks in a row that find nothing until it counts as over. */
const LOOKS_TO_RESOLVE = 2

/**
 * Remembers what is wrong and since when, and says what is worth telling: what has held for `patience` milliseconds, once
 * and then every four hours, and its end. What comes and goes within the patience is told by nobody.
 */
export class Conditions {
  readonly #states = new Map<string, State>()

  /** `now` in milliseconds since 1970. */
  look(name: string, found: Found, patience: number, now: number): Alert | null {
    const state = this.#states.get(name) ?? { wrongSince: null, toldAt: null, rightLooks: 0, summary: "" }
    this.#states.set(name, state)
    return found === null ? this.#right(name, state) : this.#wrong(name, state, found, patience, now)
  }

  #right(name: string, state: State): Alert | null {
    if (state.wrongSince === null) return null
    state.rightLooks += 1
    if (state.toldAt !== null && state.rightLooks < LOOKS_TO_RESOLVE) return null
    const { wrongSince, toldAt, summary } = state
    Object.assign(state, { wrongSince: null, toldAt: null, rightLooks: 0 })
    return toldAt === null ? null : { name, status: "resolved", summary, since: isoOf(wrongSince) }
  }

  #wrong(name: string, state: State, summary: string, patience: number, now: number): Alert | null {
    state.wrongSince ??= now
    state.rightLooks = 0
    state.summary = summary
    const due = state.toldAt === null ? now - state.wrongSince >= patience : now - state.toldAt >= REPEAT
    if (!due) return null
    state.toldAt = now
    return { name, status: "firing", summary, since: isoOf(state.wrongSince) }
  }
}

const isoOf = (time: number) => new Date(time).toISOString()
