import { type Commit, type Held, QUEUE_VERSION, type Queued } from "./disk.ts"
import type { Journal } from "./journal.ts"
import { createLeader, type Leader } from "./leader.ts"
import type { Outbox, QueueChange } from "./outbox.ts"
import { follow, type Position } from "./position.ts"
import type { Store } from "./store.ts"
import type { Message, Tabs } from "./tabs.ts"
import type { Network, TransportState } from "./transport.ts"
import type { World } from "./world.ts"

export type Background = ReturnType<typeof createBackground>

type Options = {
  world: World
  network: Network
  tabs: Tabs
  store: Store
  outbox: Outbox
  journal: Journal
  position: Position
  loaded: () => boolean
  onLoaded: () => void
  transportState: () => TransportState
  onState: (state: TransportState) => void
  /** Whether ops cannot wait for the disk. */
  isAdrift: () => boolean
  /** What the disk holds, but for its rows. */
  load: () => Promise<Held>
  /** Makes memory what the disk holds: `held`, and its rows. */
  read: (held: Held) => Promise<void>
  /** Opens the disk again, mended if need be, and makes memory what it holds. */
  reopen: () => Promise<void>
  save: (queue: readonly Queued[]) => Promise<void>
  /** The same wish as a new op. */
  renewed: (entry: Queued) => Queued
  onRefused: (queue: readonly Queued[]) => void
}

type ArrivalMessage = Extract<Message, { kind: "arrival" }>
type OpsMessage = Extract<Message, { kind: "queue" | "unsaved" }>

/** No arrival comes upon this one: whoever is told reads the disk. */
const UNHEARD = -1

/** What goes on behind the page once it is painted: among the tabs of this browser, with the server, and with the disk. */
export function createBackground(options: Options) {
  const { tabs, store, outbox, journal, position } = options
  /** In this tab, if it leads. */
  let leader: Leader | undefined
  let stopped = false
  /** Messages that come while the disk is read, or is about to be: what they tell may be newer. */
  let early: Message[] | undefined

  /**
   * Reads the disk by `read`, opened again if it cannot be read, and asks the other tabs for what it lacks. Within a turn of
   * the journal.
   */
  async function reading(read: () => Promise<void>) {
    early ??= []
    tabs.tell({ kind: "hello" })
    try {
      await read().catch(() => (stopped ? undefined : options.reopen()))
    } finally {
      const messages = early
      early = undefined
      for (const message of messages) hear(message)
    }
  }

  /** Makes memory what the disk holds; with `onlyOf`, only the outbox if the disk is as of that arrival. */
  async function readAgain(onlyOf?: number) {
    const held = await options.load()
    if (held.generation !== onlyOf) return options.read(held)
    const queue = held.queue.filter(({ op }) => !position.undropped.has(op.id))
    store.publishing(() => outbox.replace(queue))
  }

  /** Takes in what others wrote and this tab did not hear of, as while the browser had it asleep. */
  const lookAtDisk = () => journal.inTurn(() => reading(() => readAgain(position.generation)).catch(() => {}))

  /** This tab is the one that talks to the server; what the one before it wrote last may not have been told. */
  async function lead() {
    if (position.unwritten !== null) await journal.writeAll()
    await lookAtDisk()
    // Without a disk it may lead already.
    if (stopped || leader) return
    leader = createLeader({
      ...options,
      changeQueue,
      onState(state) {
        options.onState(state)
        tabs.tell({ kind: "state", state })
      },
      onArrived(change, isLast) {
        if (isLast) options.onLoaded()
        options.onRefused(change.queue)
      },
      onKept: (arrival, change, upon) => tellArrival({ ...upon, arrival, change }),
    })
    leader.start()
  }

  /** Tells the other tabs, of ops with what waits before them, and of all that could not be written, not the latest alone. */
  function tell(message: Message) {
    if (message.kind === "queue") return tabs.tell({ ...message, follows: before(message.change.queue) })
    if (message.kind !== "unsaved") return tabs.tell(message)
    const queue = outbox.unsaved()
    if (queue.length > 0) tabs.tell({ ...message, queue, follows: before(queue) })
  }

  /** The id of what waits right before these, which are in order. */
  function before([first]: readonly Queued[]) {
    const waiting = outbox.waiting()
    return waiting[waiting.findIndex(({ op }) => op.id === first?.op.id) - 1]?.op.id
  }

  /** Changes the outbox otherwise than by `mutate`: in memory, on the disk, in the other tabs. */
  async function changeQueue(change: QueueChange): Promise<void> {
    store.publishing(() => outbox.change(change))
    const ids = change.queue.map(({ op }) => op.id)
    outbox.markUnsaved(ids)
    for (const id of change.unqueue) position.undropped.add(id)
    if (await journal.write(() => change)) {
      outbox.markSaved(ids)
      for (const id of change.unqueue) position.undropped.delete(id)
    }
    tell({ kind: "queue", change })
  }

  function tellArrival(told: Pick<ArrivalMessage, "after" | "follows" | "arrival" | "change">) {
    const { generation, unwritten } = position
    tabs.tell({ kind: "arrival", ...told, generation, unwritten, loaded: options.loaded() })
  }

  /** Another tab has read the disk, and not what that lacks. */
  function welcome() {
    tabs.tell({ kind: "state", state: options.transportState() })
    const { queue, unqueue, arrival } = everything()
    if (queue.length + unqueue.length > 0 || arrival)
      tellArrival({ after: position.generation, follows: null, arrival, change: { queue, unqueue } })
  }

  /** All that the disk should hold, and missed. */
  function everything() {
    const { generation: after, epoch, cursor, unwritten, undropped } = position
    const rows = { clear: true as const, rows: [...store.everyKnown()], gone: [], moved: [] }
    return {
      queue: outbox.unsaved(),
      unqueue: [...undropped],
      arrival: unwritten !== null ? { after, epoch: epoch ?? "", cursor, ...rows } : undefined,
    }
  }

  function hear(message: Message): unknown {
    if (early) return early.push(message)
    switch (message.kind) {
      case "queue": {
        if (isMissing(message)) return lookBefore(message)
        const queue = message.change.queue.filter(isNews)
        store.publishing(() => outbox.change({ ...message.change, queue }))
        options.onRefused(queue)
        return leader?.poke()
      }
      case "unsaved": {
        if (isMissing(message)) return lookBefore(message)
        const queue = message.queue.filter(({ op }) => !outbox.knows(op.id))
        store.publishing(() => outbox.change({ queue, unqueue: [] }))
        return void (leader && queue.length > 0 && options.save(queue))
      }
      case "arrival":
        return onArrival(message)
      case "state":
        return options.onState(message.state)
      case "hello":
        return leader ? welcome() : tell({ kind: "unsaved", queue: [] })
      case "retry":
        return leader?.retry()
      case "repair":
        return leader?.repair()
      case "mended":
        return void journal.inTurn(() => reading(options.reopen))
    }
  }

  /** Whether this tab did not hear of what was made before what is told: one that sleeps hears nothing. */
  const isMissing = ({ follows }: OpsMessage) => follows !== undefined && !outbox.knows(follows)

  /** Takes in what this tab did not hear of, then `message`: what was made first is sent first. */
  function lookBefore(message: OpsMessage) {
    early = [{ ...message, follows: undefined }]
    return lookAtDisk()
  }

  /** Whether an entry is not from before what is known of it: what two tabs tell may come in any order. */
  function isNews({ op, problem, doneAt, attemptedAt }: Queued) {
    const known = outbox.get(op.id)
    if (known?.problem || known?.doneAt) return problem !== undefined || doneAt !== undefined
    return !known?.attemptedAt || attemptedAt !== undefined || problem !== undefined || doneAt !== undefined
  }

  function onArrival(message: ArrivalMessage) {
    const { after, generation, unwritten, arrival, change } = message
    const isNext = after === position.generation
    // What was told in between was not heard, or the disk has what this tab knew to be missing from it.
    if (generation > position.generation && !(isNext && position.unwritten === null))
      return void journal.inTurn(() => reading(readAgain))
    const isWritten = generation > after
    // Who leads as well asks the server for what the disk did not take.
    const isForUs = arrival !== undefined && isNext && (isWritten || !leader)
    const fits = isWritten || message.follows === position.unwritten || arrival?.clear === true
    // What came before it was not heard either, and is not on the disk.
    if (isForUs && !fits) tabs.tell({ kind: "hello" })
    store.publishing(() => {
      if (isForUs && fits) {
        store.receive(arrival)
        follow(position, arrival.epoch, arrival.cursor, arrival.clear)
        // Whoever leads next has to write it.
        if (!isWritten) position.unwritten = unwritten
      }
      position.generation = Math.max(position.generation, generation)
      outbox.change(change)
      if (message.loaded) options.onLoaded()
    })
    options.onRefused(change.queue)
  }

  /** Asks the server now. */
  function refresh() {
    void journal.retry()
    if (leader) leader.retry()
    else tabs.tell({ kind: "retry" })
    if (!options.isAdrift()) void lookAtDisk().then(() => leader?.poke())
  }

  return {
    hear,
    tell,
    lead,
    poke: () => leader?.poke(),
    leads: () => leader !== undefined,
    /** When this tab will send what is made now (transport.ts). */
    sendingAt: () => leader?.sendingAt(),

    refresh,

    /** Fetches everything again. What is held is shown until it comes; the outbox stays as it is. */
    repair() {
      if (leader) leader.repair()
      else tabs.tell({ kind: "repair" })
    },

    /** How far the server was read, and all that the outbox holds. */
    inspect: () => ({
      leads: leader !== undefined,
      epoch: position.epoch,
      generation: position.generation,
      cursor: position.cursor,
      queue: outbox.all(),
      unsaved: outbox.unsaved().map(({ op }) => op.id),
    }),

    /** Wishes for the same once more, as new ops after all others. */
    tryAgain(entries: readonly Queued[]) {
      const known = entries.filter(({ version }) => version <= QUEUE_VERSION)
      const unqueue = known.map(({ op }) => op.id)
      const queue = known.map(options.renewed).map((entry, n) => ({ ...entry, place: entry.place + n }))
      void changeQueue({ queue, unqueue }).then(() => leader?.poke())
    },

    /** Gives up what these wanted. */
    discard: (entries: readonly Queued[]) =>
      void changeQueue({ queue: [], unqueue: entries.map(({ op }) => op.id) }),

    everything,

    /** Another tab wrote what came from the server. Within a turn of the journal. */
    async onOvertaken() {
      await reading(readAgain)
      refresh()
    },

    /** The disk holds `all` that it missed. */
    onCaughtUp({ queue = [], unqueue = [], arrival }: Commit) {
      outbox.markSaved(queue.map(({ op }) => op.id))
      for (const id of unqueue) position.undropped.delete(id)
      // A tab that was opened meanwhile has not heard what is there now.
      const after = arrival ? UNHEARD : position.generation
      if (arrival) position.generation += 1
      // Another may have come meanwhile, which led on.
      if (arrival?.cursor === position.cursor) position.unwritten = null
      tellArrival({ after, follows: null, change: { queue: [], unqueue: [] } })
      tell({ kind: "queue", change: { queue, unqueue: [] } })
    },

    stop() {
      stopped = true
      leader?.stop()
    },
  }
}
