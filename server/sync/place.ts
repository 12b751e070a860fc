/**
 * How far a client has read a space. Everything up to `rev` is behind it, and beyond that
 *
 * - `changes`: of the rows with a greater rev, by rev and id, those up to (`rev`, `after`);
 * - `load`: of all rows, by phase, position and id, those up to (`phase`, `position`, `after`). `rev` is the space's at
 *   the start of the load. What changes during it gets a greater one and is read as a change afterwards, so no
 *   transaction need stay open from page to page for the load to miss nothing.
 */
export type Place =
  | { kind: "changes"; rev: number; after: string }
  | { kind: "load"; rev: number; phase: Phase; position: string; after: string }

/** What is loaded first: open todos, then completed ones, then those in the trash. */
export const PHASES = [0, 1, 2] as const
export type Phase = (typeof PHASES)[number]

/** Before and after all ids. */
const FIRST = "00000000-0000-0000-0000-000000000000"
export const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** All up to `rev` is read. */
export const upTo = (rev: number): Place => ({ kind: "changes", rev, after: LAST })

/** Nothing is read of a space that is at `rev`. */
export const startAt = (rev: number): Place => phaseStart(rev, 0)

/** The place after all of the phase. */
export const afterPhase = (rev: number, phase: Phase): Place =>
  phase === 2 ? upTo(rev) : phaseStart(rev, (phase + 1) as Phase)

const phaseStart = (rev: number, phase: Phase): Place => ({
  kind: "load",
  rev,
  phase,
  position: "",
  after: FIRST,
})

/** The place as clients keep it: `7`, `7+ID`, or `7/PHASE/POSITION/ID`. */
export function writePlace(place: Place): string {
  if (place.kind === "load") return `${place.rev}/${place.phase}/${place.position}/${place.after}`
  return place.after === LAST ? `${place.rev}` : `${place.rev}+${place.after}`
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
const CHANGES = new RegExp(String.raw`^(\d{1,15})(?:\+(${UUID}))?$`)
const LOAD = new RegExp(String.raw`^(\d{1,15})/([012])/([0-9A-Za-z]{0,200})/(${UUID})$`)

/** Null for what `writePlace` never wrote. */
export function readPlace(text: string): Place | null {
  const changes = CHANGES.exec(text)
  if (changes) return { kind: "changes", rev: Number(changes[1]), after: changes[2] ?? LAST }
  const load = LOAD.exec(text)
  if (!load) return null
  const [, rev, phase, position, after] = load as unknown as [string, string, string, string, string]
  return { kind: "load", rev: Number(rev), phase: Number(phase) as Phase, position, after }
}
