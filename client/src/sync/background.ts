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
  changeQueue: (change: QueueChange) => Promise<void>
  /** The same wish as a new op. */
  renewed: (entry: Queued) => Queued
  onRefused: (queue: readonly Queued[]) => void
}

/** No arrival comes upon this one: whoever is told reads the disk. */
const UNHEARD = -1

/** What goes on behind the page once it is painted: among the tabs of this browser, with the server, and with the disk. */
export function createBackground(options: Options) {
  const { tabs, store, outbox, journal, position } = options
  /** In this tab, if it leads. */
  let leader: Leader | undefined
  let stopped = false
  /** Messages that come while the disk is read: what they tell may be newer. */
  let early: Message[] | undefined

  /** Reads the disk by `read`, opened again if it cannot be read. Within a turn of the journal. */
  async function reading(read: () => Promise<void>) {
    early = []
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
    await (position.missedArrival ? journal.writeAll() : lookAtDisk())
    // Without a disk it may lead already.
    if (stopped || leader) return
    leader = createLeader({
      ...options,
      onState(state) {
        options.onState(state)
        tabs.tell({ kind: "state", state })
      },
      onArrived(change, isLast) {
        if (isLast) options.onLoaded()
        options.onRefused(change.queue)
      },
      onKept: (arrival, change, after) => tellArrival({ after, arrival, change }),
    })
    leader.start()
  }

  const tellArrival = (told: Pick<Extract<Message, { kind: "arrival" }>, "after" | "arrival" | "change">) =>
    tabs.tell({ kind: "arrival", ...told, generation: position.generation, loaded: options.loaded() })

  /** Another tab was opened: it has read the disk, and not what that lacks. */
  function welcome() {
    tabs.tell({ kind: "state", state: options.transportState() })
    const { queue, unqueue, arrival } = everything()
    if (queue.length + unqueue.length > 0 || arrival)
      tellArrival({ after: position.generation, arrival, change: { queue, unqueue } })
  }

  /** All that the disk should hold, and missed. */
  function everything() {
    const { generation: after, epoch, cursor, missedArrival, undropped } = position
    const rows = { clear: true as const, rows: [...store.everyKnown()], gone: [], moved: [] }
    return {
      queue: outbox.unsaved(),
      unqueue: [...undropped],
      arrival: missedArrival ? { after, epoch: epoch ?? "", cursor, ...rows } : undefined,
    }
  }

  function hear(message: Message): unknown {
    if (early) return early.push(message)
    switch (message.kind) {
      case "queue": {
        const queue = message.change.queue.filter(isNews)
        store.publishing(() => outbox.change({ ...message.change, queue }))
        options.onRefused(queue)
        return leader?.poke()
      }
      case "unsaved": {
        const queue = message.queue.filter(isNews)
        store.publishing(() => outbox.change({ queue, unqueue: [] }))
        return void (leader && options.save(queue))
      }
      case "arrival":
        return onArrival(message)
      case "state":
        return options.onState(message.state)
      case "hello":
        return leader && welcome()
      case "retry":
        return leader?.retry()
      case "repair":
        return leader?.repair()
      case "mended":
        return void journal.inTurn(() => reading(options.reopen))
    }
  }

  /** Whether an entry is not from before what is known of it: what two tabs tell may come in any order. */
  function isNews({ op, problem, doneAt, attemptedAt }: Queued) {
    const known = outbox.get(op.id)
    if (known?.problem || known?.doneAt) return problem !== undefined || doneAt !== undefined
    return !known?.attemptedAt || attemptedAt !== undefined || problem !== undefined || doneAt !== undefined
  }

  function onArrival(message: Extract<Message, { kind: "arrival" }>) {
    const { after, generation, arrival, change } = message
    // What was told in between was not heard: a tab that sleeps hears nothing.
    if (after !== position.generation && generation > position.generation)
      return void journal.inTurn(() => reading(readAgain))
    store.publishing(() => {
      if (arrival && after === position.generation) {
        store.receive(arrival)
        follow(position, arrival.epoch, arrival.cursor, arrival.clear)
        // Told without having been written: whoever leads next has to.
        position.missedArrival ||= generation === after
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
      void options.changeQueue({ queue, unqueue }).then(() => leader?.poke())
    },

    /** Gives up what these wanted. */
    discard: (entries: readonly Queued[]) =>
      void options.changeQueue({ queue: [], unqueue: entries.map(({ op }) => op.id) }),

    everything,

    /** Another tab wrote what came from the server. Within a turn of the journal. */
    async onOvertaken() {
      await reading(readAgain)
      refresh()
    },

    /** The disk holds `all` that it missed. */
    onCaughtUp({ queue = [], unqueue = [] }: Commit) {
      outbox.markSaved(queue.map(({ op }) => op.id))
      for (const id of unqueue) position.undropped.delete(id)
      // A tab that was opened meanwhile has not heard what is there now.
      const after = position.missedArrival ? UNHEARD : position.generation
      if (position.missedArrival) position.generation += 1
      position.missedArrival = false
      tellArrival({ after, change: { queue: [...queue], unqueue: [] } })
    },

    stop() {
      stopped = true
      leader?.stop()
    },
  }
}
