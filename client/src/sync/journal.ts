import { createSignal } from "solid-js"
import { type Commit, type Disk, Overtaken } from "./disk.ts"
import type { World } from "./world.ts"

export type Journal = ReturnType<typeof createJournal>

type Options = {
  world: World
  disk: () => Disk
  /** How often memory was read anew: what was to be written of before is void. */
  reading: () => number
  /** All that the disk should hold, for when it missed something. */
  everything: () => Commit
  /** The disk holds all of it again. */
  onCaughtUp: (all: Commit) => void
  /** Someone else wrote what came from the server. */
  onOvertaken: () => Promise<void> | undefined
}

/** Milliseconds before a disk that failed is tried again: twice as many each time, as all that it missed is written. */
const FIRST_WAIT = 5_000
const LONGEST_WAIT = 300_000

/**
 * Writes to the disk, one commit after another. Where that fails (the quota is used up, the database is broken) the page
 * goes on in memory, and everything is written at once as soon as the disk takes it again.
 */
export function createJournal({ world, disk, reading, everything, onCaughtUp, onOvertaken }: Options) {
  const [fault, setFault] = createSignal<unknown>()
  let tail: Promise<unknown> = Promise.resolve()
  let cancelRetry: (() => void) | undefined
  let retries = 0

  /** Runs `write` when its turn comes. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = tail.then(write)
    tail = turn.catch(() => {})
    return turn
  }

  async function attempt(commit: Commit): Promise<boolean> {
    try {
      await disk().commit(commit)
      return true
    } catch (error) {
      if (error instanceof Overtaken) await onOvertaken()
      else fail(error)
      return false
    }
  }

  function fail(error: unknown) {
    setFault(() => error)
    cancelRetry ??= world.after(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** retries), () => {
      cancelRetry = undefined
      retries += 1
      void inTurn(catchUp)
    })
  }

  async function catchUp() {
    if (fault()) await writeAll()
  }

  async function writeAll() {
    const all = everything()
    if (!(await attempt(all))) return
    setFault(undefined)
    retries = 0
    onCaughtUp(all)
  }

  return {
    /** Why the disk does not hold everything. Reactive. */
    fault,
    /**
     * Whether it is on the disk. `commit` is asked for when its turn comes, and `onWritten` called before the next one's.
     */
    write: (commit: () => Commit, onWritten?: () => void) => {
      const before = reading()
      return inTurn(async () => {
        const wanted = commit()
        // Memory no longer holds the rows that this came upon; its ops stay, and are answered again.
        if (fault() || (wanted.arrival && before !== reading()) || !(await attempt(wanted))) return false
        onWritten?.()
        return true
      })
    },
    inTurn,
    /** Writes all that the disk missed, though it was another tab that saw it fail. */
    writeAll: () => inTurn(writeAll),
    retry: () => inTurn(catchUp),
    stop: () => cancelRetry?.(),
  }
}
