import { createHash } from "node:crypto"
import { isOrdered, TARGET_TABLES, TARGETS, type TargetRow, type TargetTable } from "./target.ts"

/** What is compared of a table, read from the source on one side and from PostgreSQL on the other. */
export type TableTally = {
  rows: number
  /** The sum over all rows, whatever their order, of the SHA-256 of each: 128 bits of it in hexadecimal. */
  hash: string
  nulls: Record<string, number>
  /** Least and greatest of each moment and date. */
  ranges: Record<string, [string, string] | null>
}

type Sums = { rows: number; high: bigint; low: bigint; nulls: number[]; ranges: ([string, string] | null)[] }

/** Counts the rows of an import as they are made. Of each table it holds a few numbers, however many rows there are. */
export class Tally {
  readonly #sums = new Map<TargetTable, Sums>()

  add({ table, values }: TargetRow) {
    const sums = this.#sumsOf(table)
    const digest = createHash("sha256").update(canonicalRow(values)).digest()
    sums.rows += 1
    sums.high += digest.readBigUInt64BE(0)
    sums.low += digest.readBigUInt64BE(8)
    for (const [index, value] of values.entries()) {
      if (value === null) sums.nulls[index]! += 1
      else if (isOrdered(TARGETS[table].columns[index]!)) widen(sums, index, value)
    }
  }

  of(table: TargetTable): TableTally {
    const { rows, high, low, nulls, ranges } = this.#sumsOf(table)
    const { columns } = TARGETS[table]
    return {
      rows,
      hash: hashOf(high, low),
      nulls: Object.fromEntries(columns.map((column, index) => [column, nulls[index]!])),
      ranges: Object.fromEntries(
        columns.flatMap((column, index) => (isOrdered(column) ? [[column, ranges[index]!]] : [])),
      ),
    }
  }

  /** Rows of each table. */
  get counts(): Record<TargetTable, number> {
    const counts = TARGET_TABLES.map((table) => [table, this.#sumsOf(table).rows])
    return Object.fromEntries(counts) as Record<TargetTable, number>
  }

  #sumsOf(table: TargetTable): Sums {
    let sums = this.#sums.get(table)
    if (!sums) {
      const { length } = TARGETS[table].columns
      sums = { rows: 0, high: 0n, low: 0n, nulls: Array(length).fill(0), ranges: Array(length).fill(null) }
      this.#sums.set(table, sums)
    }
    return sums
  }
}

/** Both sides' form of a row: each value with its length in bytes before it, so that no two rows read alike. */
export const canonicalRow = (values: (string | null)[]) =>
  values.map((value) => (value === null ? "-" : `${Buffer.byteLength(value)}:${value}`)).join("")

/** Two sums of 64 bits each, as one text. */
export const hashOf = (high: bigint, low: bigint) =>
  [high, low].map((sum) => BigInt.asUintN(64, sum).toString(16).padStart(16, "0")).join("")

function widen({ ranges }: Sums, index: number, value: string) {
  const range = ranges[index]
  if (!range) ranges[index] = [value, value]
  else if (value < range[0]) range[0] = value
  else if (value > range[1]) range[1] = value
}
