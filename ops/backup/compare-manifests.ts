import type { Manifest } from "./manifest.ts"

export type Compared = {
  /** A sentence for each difference; none when they are equal. */
  differences: string[]
  /** What was held against each other, for people. */
  proof: { tables: number; rows: number; sequences: number; definitions: number; grants: number | null }
}

/** How many of one kind are told of. */
const MOST_TOLD = 20

/**
 * Holds what a restored database holds against what the backup says. Sequences are no part of a snapshot: a restored
 * one may be ahead, which only skips numbers, and never behind. Without `grants` owners and rights are left out.
 */
export function compareManifests(
  written: Manifest,
  restored: Manifest,
  { grants = true }: { grants?: boolean } = {},
): Compared {
  const differences = [
    ...(written.schema.checksum === restored.schema.checksum
      ? []
      : [`schema: the backup has ${written.schema.newest}, the database ${restored.schema.newest}`]),
    ...tableDifferences(written, restored),
    ...sequenceDifferences(written, restored),
    ...lineDifferences(written.definitions, restored.definitions),
    ...(grants ? lineDifferences(written.grants, restored.grants) : []),
  ]
  const proof = {
    tables: written.tables.length,
    rows: written.tables.reduce((sum, { rows }) => sum + rows, 0),
    sequences: written.sequences.length,
    definitions: written.definitions.length,
    grants: grants ? written.grants.length : null,
  }
  return { differences, proof }
}

function tableDifferences(written: Manifest, restored: Manifest): string[] {
  const found = new Map(restored.tables.map((table) => [table.name, table]))
  const known = new Set(written.tables.map(({ name }) => name))
  const strange = restored.tables.filter(({ name }) => !known.has(name))
  return [
    ...written.tables.flatMap(({ name, rows, hash }) => {
      const there = found.get(name)
      if (!there) return [`${name}: the table is missing`]
      if (there.rows !== rows) return [`${name}: ${rows} rows in the backup, ${there.rows} in the database`]
      return there.hash === hash ? [] : [`${name}: as many rows (${rows}), but not the same`]
    }),
    ...strange.map(({ name }) => `${name}: a table that the backup does not have`),
  ]
}

function sequenceDifferences(written: Manifest, restored: Manifest): string[] {
  const found = new Map(restored.sequences.map(({ name, value }) => [name, value]))
  return written.sequences.flatMap(({ name, value }) => {
    const there = found.get(name)
    if (there === undefined) return [`${name}: the sequence is missing`]
    return BigInt(there ?? 0) < BigInt(value ?? 0)
      ? [`${name}: at ${there ?? "its start"}, not at ${value}`]
      : []
  })
}

function lineDifferences(written: string[], restored: string[]): string[] {
  const [ours, theirs] = [new Set(written), new Set(restored)]
  return [
    ...told(written.filter((line) => !theirs.has(line)).map((line) => `missing: ${line}`)),
    ...told(restored.filter((line) => !ours.has(line)).map((line) => `not in the backup: ${line}`)),
  ]
}

const told = (lines: string[]) =>
  lines.length > MOST_TOLD
    ? [...lines.slice(0, MOST_TOLD), `and ${lines.length - MOST_TOLD} more like this`]
    : lines
