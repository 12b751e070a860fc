import type { Op } from "../../client/src/sync/rows.ts"
import { Violation } from "./violation.ts"

export type Ledger = ReturnType<typeof createLedger>

/** A wish, and the tab that it was made in. */
type Made = { mark: string; tab: string; key: string; n: number }
type Done = { id: string; renewed: boolean }

/** Refusals that what people do here may well meet with. */
const EXPECTED = new Set([
  "not-found",
  "read-only",
  "invalid-input",
  "list-is-trashed",
  "inbox-is-permanent",
  "id-taken",
])

/**
 * What became of every wish: who made it, which ops the disks hold, what the server did. Wishes are known by a mark in
 * their fields, whatever ops carry them.
 */
export function createLedger() {
  const made = new Map<string, Made>()
  /** Marks that nobody has promised to keep. */
  const excused = new Set<string>()
  /** Marks that the person wished for again, as new ops. */
  const renewed = new Set<string>()
  /** Ids of ops that a disk held once, and of those that the person gave up, with their marks. */
  const kept = new Map<string, string | undefined>()
  const givenUp = new Map<string, string | undefined>()
  const refused = new Map<string, string>()
  /** What the server has done, in this history of it. */
  let done = new Map<string, Done>()
  let marks = new Map<string, string>()
  /** The latest of each tab's wishes for a row. */
  let latest = new Map<string, number>()

  function onDone(op: Op) {
    if (done.has(op.id)) throw new Violation(`The op ${op.id} (${markOf(op)}) was done twice.`)
    done.set(op.id, { id: op.id, renewed: false })
    const mark = markOf(op)
    if (!mark || renewed.has(mark)) return
    const other = marks.get(mark)
    if (other) throw new Violation(`${mark} was done twice, by the ops ${other} and ${op.id}.`)
    marks.set(mark, op.id)
    const wish = made.get(mark)
    if (!wish) return
    const line = `${wish.tab} ${wish.key}`
    if ((latest.get(line) ?? -1) > wish.n)
      throw new Violation(`${mark} was done after what the same tab wished for later.`)
    latest.set(line, wish.n)
  }

  return {
    /** A tab wished for something. */
    onMade(wish: Made) {
      made.set(wish.mark, wish)
    },
    /** A tab was killed: what it held alone went with it. */
    onKilled: (tab: string) => {
      for (const { mark, tab: by } of made.values()) if (by === tab) excused.add(mark)
    },
    /** A tab was closed: what the server did, and no disk took, is with it alone from then on. */
    onClosed(tab: string) {
      const taken = new Set(kept.values())
      for (const { mark, tab: by } of made.values())
        if (by === tab && marks.has(mark) && !taken.has(mark)) excused.add(mark)
    },
    onKept(op: Op) {
      kept.set(op.id, markOf(op))
    },
    onGivenUp(op: Op) {
      givenUp.set(op.id, markOf(op))
    },
    onRenewed(op: Op) {
      givenUp.set(op.id, markOf(op))
      const mark = markOf(op)
      if (mark) renewed.add(mark)
    },

    /** The server answered ops, of which it had `known` before. */
    onAnswer(
      ops: readonly Op[],
      known: ReadonlySet<string>,
      acks: { id: string; problem?: { code: string } }[],
    ) {
      if (acks.length === 0) return
      for (const [n, op] of ops.entries()) {
        const { problem } = acks[n]!
        if (problem) {
          refused.set(op.id, problem.code)
          if (!EXPECTED.has(problem.code)) throw new Violation(`${markOf(op) ?? op.id}: ${problem.code}`)
        } else if (!known.has(op.id)) onDone(op)
      }
    },

    copy: () => ({ done: new Map(done), marks: new Map(marks), latest: new Map(latest) }),
    restore(copy: { done: typeof done; marks: typeof marks; latest: typeof latest }) {
      done = new Map(copy.done)
      marks = new Map(copy.marks)
      latest = new Map(copy.latest)
    },

    /** At the end: every op that was on a disk was done, or waits in `problems` for the person; so was every wish. */
    settle(problems: ReadonlyMap<string, string | undefined>) {
      for (const [id, mark] of kept) {
        if (done.has(id) || problems.has(id) || givenUp.has(id)) continue
        throw new Violation(`The op ${id} (${mark}) was on a disk, and is lost.`)
      }
      const known = new Set([...kept.values(), ...givenUp.values(), ...problems.values()])
      for (const { mark, tab } of made.values()) {
        if (marks.has(mark) || known.has(mark) || excused.has(mark) || renewed.has(mark)) continue
        throw new Violation(`${mark} of ${tab} came neither to the disk nor to the server, and is lost.`)
      }
    },
  }
}

/** The mark that a wish carries: in a todo's notes, a list's or a person's name. */
export function markOf({ fields }: Op): string | undefined {
  const text = (fields as { notes?: string; name?: string }).notes ?? (fields as { name?: string }).name
  return /^wish \d+$/.test(text ?? "") ? text : undefined
}
