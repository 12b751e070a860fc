import { isSeen } from "../../server/input-types.ts"
import { multiLine, singleLine } from "../../server/text.ts"
import type { Findings } from "./findings.ts"
import { readMoment, type Unit } from "./moments.ts"
import type { Cell } from "./rows.ts"

type Texts = { most: number; lines: "one" | "many"; instead?: string }

/**
 * The text of a cell as Docket keeps it (server/text.ts). Null stays null. What PostgreSQL or the API would refuse is a
 * fault: a NUL, bytes that are not UTF-8, bytes in place of text, more than `most` code points, nothing where `instead`
 * says what stands for it.
 */
export function readText(
  cell: Cell | undefined,
  findings: Findings,
  { most, lines, instead }: Texts,
): string | null {
  if (!cell) return null
  let text = translated(rawText(cell, findings), cell, findings)
  if (text === null && instead === undefined) return null
  text = lines === "one" ? singleLine(text ?? "") : multiLine(text ?? "")
  if (instead !== undefined && !isSeen(text)) {
    findings.fault("empty", cell)
    return instead
  }
  const points = [...text]
  if (points.length <= most) return text
  findings.fault("length", cell)
  findings.loss("characters cut off", cell, points.length - most)
  return points.slice(0, most).join("").trimEnd()
}

function rawText(cell: Cell, findings: Findings): string | null {
  const { value } = cell
  if (value === null) return null
  if (typeof value === "number") return String(value)
  if (typeof value !== "string") {
    findings.fault("type", cell)
    return null
  }
  if (value.includes("\0")) findings.fault("nul", cell)
  if (value.includes("\uFFFD") && cell.broken()) findings.fault("encoding", cell)
  return value.replaceAll("\0", "")
}

/** By the map's `values`, if it has some; what is not among them is a fault. */
function translated(text: string | null, cell: Cell, findings: Findings): string | null {
  const values = "column" in cell.field ? cell.field.values : undefined
  if (!values || text === null) return text
  if (Object.hasOwn(values, text)) return values[text]!
  findings.fault("value", cell)
  return null
}

/** One of `choices`, or `instead` for what is null or, once that was noted as a fault, none of them. */
export function readChoice<Choice extends string>(
  cell: Cell | undefined,
  findings: Findings,
  isChoice: (text: string) => text is Choice,
  instead: Choice,
): Choice {
  if (!cell) return instead
  const text = translated(rawText(cell, findings), cell, findings)
  if (text === null) return instead
  if (isChoice(text)) return text
  findings.fault("value", cell)
  return instead
}

const TRUE = ["1", "t", "true", "y", "yes"]
const FALSE = ["0", "f", "false", "n", "no", ""]

/** Yes or no, as numbers or words; null is no. */
export function readBoolean(cell: Cell | undefined, findings: Findings): boolean {
  if (!cell || cell.value === null) return false
  const text = translated(rawText(cell, findings), cell, findings)?.toLowerCase() ?? ""
  if (!TRUE.includes(text) && !FALSE.includes(text)) findings.fault("type", cell)
  return TRUE.includes(text)
}

/** A moment as PostgreSQL reads it, by the millisecond; null for null. One later than `latest` is a fault too. */
export function readInstant(cell: Cell | undefined, findings: Findings, latest: number): string | null {
  if (!cell || cell.value === null) return null
  const moment = momentOf(cell)
  if (moment !== null && moment <= latest) return new Date(moment).toISOString()
  findings.fault("date", cell)
  return null
}

/** A day; of a moment, the day that it is then in UTC. */
export function readDay(cell: Cell | undefined, findings: Findings): string | null {
  if (!cell || cell.value === null) return null
  const moment = momentOf(cell)
  if (moment === null) {
    findings.fault("date", cell)
    return null
  }
  const [day, time] = new Date(moment).toISOString().split("T")
  if (time !== "00:00:00.000Z") findings.loss("time of day", cell)
  return day!
}

function momentOf({ value, field }: Cell): number | null {
  if (typeof value !== "string" && typeof value !== "number") return null
  return readMoment(value, "column" in field ? (field.unit as Unit | undefined) : undefined)
}
