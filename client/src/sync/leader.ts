import { nextBatch } from "./batch.ts"
import type { Commit, Queued } from "./disk.ts"
import type { Journal } from "./journal.ts"
import type { Outbox, QueueChange } from "./outbox.ts"
import { follow, type Position } from "./position.ts"
import type { SyncAnswer } from "./protocol.ts"
import { refuse } from "./refuse.ts"
import type { Op } from "./rows.ts"
import type { Store } from "./store.ts"
import { createTransport, type Network, type TransportState } from "./transport.ts"
import type { World } from "./world.ts"

export type Leader = ReturnType<typeof createLeader>

type Options = {
  world: World
  network: Network
  store: Store
  outbox: Outbox
  journal: Journal
  position: Position
  /** Whether ops cannot wait for the disk. */
  isAdrift: () => boolean
  /** Changes the outbox in memory, on the disk, and in the other tabs. */
  changeQueue: (change: QueueChange) => Promise<void>
  onState: (state: TransportState) => void
  /** An answer is in memory; the last page of them, or not. */
  onArrived: (change: QueueChange, isLast: boolean) => void
  /** The disk has it, or cannot have it; the other tabs are to know what it came upon. */
  onKept: (arrival: Arrived | undefined, change: QueueChange, upon: Upon) => void
}

/** Arrival `after`, and where that is not the latest, the latest of those that the disk did not take. */
type Upon = { after: number; follows: Position["unwritten"] }
type Arrived = Omit<NonNullable<Commit["arrival"]>, "after">

const DAY = 24 * 60 * 60_000
/** An op that was first sent so many milliseconds ago may no longer be known to the server (90 days): the person is asked. */
const RESENT_UNTIL = 80 * DAY
/** A server that was restored may have lost what it did so many milliseconds before it last answered. */
const KEPT = DAY

/** No reading of the disk has this number. */
const ANEW = -1

/** What the one tab does that talks to the server: it sends the outbox, and takes in what comes back. */
export function createLeader(options: Options) {
  const { store, outbox, journal, position } = options
  /** Everything is to be read again, and to replace what is held. */
  let anew = false

  async function take(most: number, now: number): Promise<Op[]> {
    const old = outbox.waiting().filter(({ attemptedAt }) => attemptedAt && now - attemptedAt > RESENT_UNTIL)
    if (old.length > 0) {
      const problems = new Map(old.map(({ op }) => [op.id, { code: "too-long-ago" }]))
      await options.changeQueue({ queue: refuse(outbox, store, problems), unqueue: [] })
    }
    const batch = nextBatch(outbox, most, options.isAdrift())
    const first = batch.filter(({ attemptedAt }) => !attemptedAt)
    if (first.length > 0) {
      const queue = first.map((entry) => ({ ...entry, attemptedAt: now }))
      await options.changeQueue({ queue, unqueue: [] })
    }
    // Some may have been discarded in between.
    return batch.flatMap(({ op }) => (outbox.get(op.id) ? [op] : []))
  }

  function onAnswer(answer: SyncAnswer) {
    const refused = new Map(
      answer.acks.flatMap(({ id, problem }) => (problem ? [[id, problem] as const] : [])),
    )
    const taken = new Set(answer.acks.flatMap(({ id, problem }) => (problem ? [] : [id])))
    const clear = anew ? (true as const) : [...answer.reset, ...answer.drop]
    anew = false
    const { rows, gone, moved, change } = store.publishing(() => {
      const news = store.receive({ clear, rows: answer.changes, gone: answer.gone })
      const change = settle(answer, refuse(outbox, store, refused, taken), taken)
      outbox.change(change)
      options.onArrived(change, !answer.more)
      return { ...news, change }
    })
    const { epoch, cursor } = answer
    const cleared = clear === true || clear.length > 0
    const isNews = cleared || rows.length + gone.length + Object.keys(cursor).length > 0
    const arrival =
      isNews || epoch !== position.epoch ? { epoch, cursor, clear, rows, gone, moved } : undefined
    follow(position, answer.epoch, cursor, clear)
    if (arrival || change.queue.length + change.unqueue.length > 0) void keep(arrival, change)
  }

  /**
   * What an answer changes in the outbox. What the server did is kept for a while, and is to be sent again, before what was
   * made later, when the server's history is another one.
   */
  function settle(answer: SyncAnswer, refused: Queued[], taken: ReadonlySet<string>): QueueChange {
    const now = Date.parse(answer.now)
    const done = [...taken].flatMap((id) => outbox.get(id) ?? []).map((entry) => ({ ...entry, doneAt: now }))
    if (answer.epoch !== position.epoch) {
      const again = outbox.done().map(({ doneAt: _, ...entry }) => entry)
      return { queue: [...refused, ...done, ...again], unqueue: [] }
    }
    const old = outbox.done().filter(({ doneAt }) => now - doneAt! > KEPT)
    return { queue: [...refused, ...done], unqueue: old.map(({ op }) => op.id) }
  }

  /** Writes what came, with what became of the ops, in one transaction. */
  async function keep(arrival: Arrived | undefined, change: QueueChange) {
    let after = position.generation
    let follows: Upon["follows"] = null
    const saved = await journal.write(
      () => {
        after = position.generation
        return { ...change, arrival: arrival && { ...arrival, after } }
      },
      () => {
        if (arrival) position.generation = after + 1
      },
    )
    if (!saved) {
      // Memory was read anew, without this; the server is asked again.
      if (!journal.fault()) return
      follows = position.unwritten
      if (arrival) position.unwritten = options.world.random()
      for (const id of change.unqueue) position.undropped.add(id)
      outbox.markUnsaved(change.queue.map(({ op }) => op.id))
    }
    options.onKept(arrival, change, { after, follows })
  }

  const transport = createTransport({
    world: options.world,
    network: options.network,
    onState: options.onState,
    // What was asked for before does not count; what is held stays until the first answer replaces it.
    position: () => (anew ? { ...position, reading: ANEW, cursor: {} } : position),
    isWaiting: () => nextBatch(outbox, 1, options.isAdrift()).length > 0,
    take,
    onAnswer,
    onPoison(id, problem) {
      const change = { queue: refuse(outbox, store, new Map([[id, problem]])), unqueue: [] }
      void options.changeQueue(change)
      options.onArrived(change, false)
    },
  })
  return {
    ...transport,
    /** Fetches everything again, as soon as there is an answer; the outbox stays as it is. */
    repair() {
      anew = true
      transport.retry()
    },
  }
}
