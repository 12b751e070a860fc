/** What may be wrong with a row, and what a map may have done about it, in the order of what is said of them. */
export const CURES = {
  key: ["skip"],
  nul: ["replace", "skip"],
  encoding: ["replace", "skip"],
  type: ["replace", "skip"],
  date: ["replace", "skip"],
  value: ["replace", "skip"],
  length: ["truncate", "skip"],
  empty: ["replace", "skip"],
  email: ["skip"],
  duplicate: ["replace", "skip"],
  unverified: ["replace", "skip"],
  password: ["replace", "skip"],
  owner: ["replace", "skip"],
  orphan: ["skip"],
  "too-many": ["skip"],
} as const

export type FaultKind = keyof typeof CURES
export type Cure = "replace" | "skip" | "truncate"

/** One place in the source: `row` is the rowid, or the key in a table without. */
export type Place = { table: string; row: string; column: string }

/** What is wrong in one column in one way. */
export type Fault = {
  kind: FaultKind
  table: string
  column: string
  cure: Cure | null
  count: number
  /** The first of them. */
  rows: string[]
}
export type Loss = { what: string; table: string; column: string; count: number }

/** Rows named for each fault; the rest is counted. */
const MOST_ROWS = 20

/** Thrown for a row that is left out, and caught by whoever reads rows. */
export class LeftOut extends Error {}

/** What was found while reading: faults with what is done about each, and what is lost on the way. */
export class Findings {
  readonly #faults = new Map<string, Fault>()
  readonly #losses = new Map<string, Loss>()

  constructor(readonly cures: Record<string, string>) {}

  /**
   * Notes a fault. Returns if the row is to be mended in the way that the kind has; throws `LeftOut` if it is to be left
   * out. Without a cure the row is read on as with the first one, so that everything wrong with it is found.
   */
  fault(kind: FaultKind, place: Place) {
    const cure = (this.cures[kind] as Cure | undefined) ?? null
    const id = `${kind} ${place.table} ${place.column}`
    const { table, column } = place
    const known = this.#faults.get(id) ?? { kind, table, column, cure, count: 0, rows: [] }
    known.count += 1
    if (known.rows.length < MOST_ROWS) known.rows.push(place.row)
    this.#faults.set(id, known)
    if ((cure ?? CURES[kind][0]) === "skip") throw new LeftOut(kind)
  }

  /** Notes a fault that nothing but leaving the row out cures. */
  leaveOut(kind: FaultKind, place: Place): never {
    this.fault(kind, place)
    throw new LeftOut(kind)
  }

  /** Notes that something of a row does not come along. */
  loss(what: string, { table, column }: Pick<Place, "table" | "column">, count = 1) {
    const id = `${what} ${table} ${column}`
    const known = this.#losses.get(id) ?? { what, table, column, count: 0 }
    known.count += count
    this.#losses.set(id, known)
  }

  get faults(): Fault[] {
    return [...this.#faults.values()]
  }

  get losses(): Loss[] {
    return [...this.#losses.values()]
  }

  /** Faults that the map says nothing about. */
  get uncured(): Fault[] {
    return this.faults.filter(({ cure }) => cure === null)
  }
}
