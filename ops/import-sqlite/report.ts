import { table } from "../table.ts"
import type { BrokenReferences } from "./broken-references.ts"
import { CURES, type Fault, type FaultKind, type Loss } from "./findings.ts"
import type { SectionName } from "./map.ts"
import type { Check } from "./proof.ts"
import type { Unmapped } from "./tables.ts"
import { TARGETS, type TargetTable } from "./target.ts"

export type SectionCount = { section: SectionName; table: string; rows: number; leftOut: number }
/** A row as it would be written. */
export type Sample = { table: TargetTable; from: string; values: (string | null)[] }

/** What an import found and did: the object of `--json` and `--report`. */
export type Report = {
  file: string
  bytes: number
  state: "checked" | "imported" | "rehearsed" | "there"
  sections: SectionCount[]
  /** Rows of each of Docket's tables. */
  targets: Record<TargetTable, number>
  /** Which column becomes which field of the map. */
  mapping: { section: SectionName; table: string; field: string; from: string }[]
  faults: Fault[]
  losses: Loss[]
  unmapped: Unmapped[]
  brokenReferences: BrokenReferences[]
  samples: Sample[]
  checks: Check[]
}

const SENTENCES: Record<FaultKind, string> = {
  key: "has no key, or one that another row has",
  nul: "has a NUL in its text",
  encoding: "has bytes that are not UTF-8",
  type: "holds another type than belongs there",
  date: "is no moment that can be believed",
  value: "is none of the values that the map or Docket knows",
  length: "is too long",
  empty: "is empty",
  email: "is no address that a letter could reach",
  duplicate: "is there already",
  unverified: "is not verified, and would be purged",
  password: "is no hash that can be verified",
  owner: "names no owner",
  orphan: "refers to nothing that is imported",
  "too-many": "is one more than Docket holds",
}

/** What is wrong with the source, and what was or could be done about it. */
export function faultLines(faults: Fault[]): string {
  const uncured = faults.filter(({ cure }) => cure === null)
  const head =
    uncured.length > 0
      ? `These faults have no cure in the map's [cures]:`
      : faults.length > 0
        ? "These faults were cured as the map says:"
        : ""
  return [head, ...[...uncured, ...faults.filter(({ cure }) => cure)].map(faultLine)]
    .filter(Boolean)
    .join("\n")
}

function faultLine({ kind, table, column, count, cure, rows }: Fault): string {
  const more = count > rows.length ? `, and ${(count - rows.length).toLocaleString("en")} more` : ""
  const can = cure ? `cured by ${cure}` : `cures: ${CURES[kind].join(", ")}`
  return `  ${kind}: ${table}.${column} ${SENTENCES[kind]} (${can}), ${rows.length === 1 && !more ? "row" : "rows"} ${rows.join(", ")}${more}`
}

/** The report for people. `isRevealed` shows what the samples say, and not only how long it is. */
export function reportText(report: Report, isRevealed: boolean): string {
  const { sections, targets, state, checks } = report
  return [
    table(
      ["read from", "rows", "left out"],
      sections.map(({ table, rows, leftOut }) => [table, number(rows), number(leftOut)]),
    ),
    table(
      ["becomes", "rows"],
      Object.entries(targets).map(([name, rows]) => [name, number(rows)]),
    ),
    ...(state === "checked" ? [mappingText(report), samplesText(report.samples, isRevealed)] : []),
    faultLines(report.faults),
    lossText(report),
    report.brokenReferences
      .map(
        ({ table, refersTo, count }) =>
          `${number(count)} rows of ${table} break its foreign key to ${refersTo}.`,
      )
      .join("\n"),
    proofText(state, checks, report.faults),
  ]
    .filter(Boolean)
    .join("\n\n")
}

const mappingText = ({ mapping }: Report) =>
  table(
    ["what goes where", ""],
    mapping.map(({ section, table, field, from }) => [`${table}.${from}`, `→ ${section}.${field}`]),
  )

const number = (value: number) => value.toLocaleString("en")

/** What nobody needs to see of a row: what Docket itself makes. */
const MADE = /^(id|\w+_id|rev|creation_digest|position|password_changed_at|is_inbox)$/

function samplesText(samples: Sample[], isRevealed: boolean): string {
  const lines = samples.flatMap(({ table, from, values }) => [
    `  ${from} → ${table}`,
    ...values.flatMap((value, index) => {
      const column = TARGETS[table].columns[index]!
      return value === null || MADE.test(column)
        ? []
        : [`    ${column.padEnd(17)}  ${shown(column, value, isRevealed)}`]
    }),
  ])
  return ["Samples, as they would be written:", ...lines].join("\n")
}

/** Never a hash; what people wrote only if that was asked for. */
function shown(column: string, value: string, isRevealed: boolean): string {
  if (column === "password_hash") return `a hash (${value.split("$").find(Boolean)})`
  if (!["email", "name", "title", "notes"].includes(column)) return value
  return isRevealed ? JSON.stringify(value) : `${[...value].length} characters`
}

function lossText({ losses, unmapped, sections }: Report): string {
  const lines = [
    ...sections
      .filter(({ leftOut }) => leftOut > 0)
      .map(({ table, leftOut }) => `  ${number(leftOut)} rows of ${table} are left out`),
    ...losses.map(({ what, table, column, count }) => `  ${table}.${column}: ${what} (${number(count)})`),
    ...unmapped.map(({ table, column, rows }) =>
      column === null
        ? `  table ${table} is not mapped (${number(rows)} rows)`
        : `  ${table}.${column} is not mapped (${number(rows)} values)`,
    ),
  ]
  return lines.length > 0 ? ["What does not come along:", ...lines].join("\n") : "Everything comes along."
}

function proofText(state: Report["state"], checks: Check[], faults: Fault[]): string {
  const proven = `${checks.length} proofs hold: rows, hashes, nulls and bounds are equal on both sides, and nothing is an orphan.`
  switch (state) {
    case "checked":
      return faults.some(({ cure }) => cure === null)
        ? "It would be refused. Nothing was written."
        : "It can be imported. Nothing was written; --rehearse writes all of it and takes it back."
    case "rehearsed":
      return `${proven}\nRehearsed: all of it was written, proven and taken back.`
    case "imported":
      return `${proven}\nImported.`
    case "there":
      return "All of it is there already, as the source says. Nothing was written."
  }
}
