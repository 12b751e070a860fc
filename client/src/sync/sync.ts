import { batch, createSignal } from "solid-js"
import type { Background, createBackground } from "./background.ts"
import { type Disk, type Held, QUEUE_VERSION, type Queued, type SeenFirst, Unavailable } from "./disk.ts"
import { createJournal } from "./journal.ts"
import { createOutbox } from "./outbox.ts"
import type { Position } from "./position.ts"
import type { Change, Entry, Op } from "./rows.ts"
import { createStore, type Store } from "./store.ts"
import type { Message, Tabs } from "./tabs.ts"
import type { Network, TransportState } from "./transport.ts"
import { uuidv7 } from "./uuid.ts"
import type { World } from "./world.ts"

export type Sync = ReturnType<typeof createSync>

/** Of the store, what pages may call: it is changed by `mutate` alone. */
type Readers = Pick<
  Store,
  | "list"
  | "todo"
  | "profile"
  | "lists"
  | "archivedLists"
  | "trashedLists"
  | "inboxId"
  | "openTodos"
  | "completedTodos"
  | "dueOn"
  | "dueDates"
  | "trashedTodos"
  | "everyTodo"
>

type Options = {
  world: World
  tabs: Tabs
  /** Opens what outlives the page; `mend` keeps of it what can be read of the outbox and begins anew. May reject. */
  openDisk: (mend: boolean) => Promise<Disk>
  /** A disk where that cannot be had. */
  memoryDisk: () => Promise<Disk>
  /** What is needed once the page is painted. */
  loadBackground: () => Promise<{ createBackground: typeof createBackground; network: Network }>
  /** The server refused what was done in this tab; it is as it was before, and what was wanted is kept. */
  onRefused?: (refused: Queued[]) => void
}

/** So many rows are taken in at once; in between the page may answer to its person. */
const PORTION = 2_000

/** Milliseconds before a part of the page that could not be loaded is asked for again. */
const PATIENCE = 5_000

/**
 * One account's lists and todos on this device: read at once from memory, changed at once in memory, kept on the disk, and
 * synced behind that. Pages use nothing but what this returns.
 */
export function createSync(options: Options) {
  const { world, tabs } = options
  const store = createStore()
  const outbox = createOutbox(store)
  const [loaded, setLoaded] = createSignal(false)
  /** Memory holds the beginning of one list, and the rest is on its way from the disk. */
  const [begun, setBegun] = createSignal(false)
  /** Of the tab that leads. */
  const [transportState, setTransportState] = createSignal<TransportState>("idle")
  const [mended, setMended] = createSignal(false)
  const [durable, setDurable] = createSignal(true)
  const position: Position = {
    reading: 0,
    generation: 0,
    epoch: null,
    cursor: {},
    unwritten: null,
    undropped: new Set(),
  }
  const mine = new Set<string>()
  let disk: Disk
  let background: Background | undefined
  /** Messages that came before what is on the disk was read. */
  const early: Message[] = []
  let stopped = false
  let alone = false
  let seenFirst: SeenFirst | undefined

  const journal = createJournal({
    world,
    disk: () => disk,
    reading: () => position.reading,
    everything: () => background?.everything() ?? { queue: outbox.unsaved() },
    onCaughtUp: (all) => background?.onCaughtUp(all),
    onOvertaken: () => background?.onOvertaken(),
  })

  // Opening

  const opening = Promise.withResolvers<void>()
  // What is changed meanwhile is written after.
  void journal.inTurn(() => opening.promise)

  /** Reads what is kept, shows it, the beginning of the list that is `first` seen before all else, and takes part from then on. */
  async function open(first?: SeenFirst) {
    seenFirst = first
    tabs.listen((message) => (background ? background.hear(message) : early.push(message)))
    await openAndRead(false)
    opening.resolve()
    await takePart()
  }

  async function takePart(): Promise<void> {
    const code = await options.loadBackground().catch(() => null)
    if (stopped) return
    if (!code) {
      setTransportState("offline")
      world.after(PATIENCE, takePart)
      return
    }
    background = code.createBackground({
      ...options,
      network: code.network,
      store,
      outbox,
      journal,
      position,
      loaded,
      onLoaded: () => setLoaded(true),
      transportState,
      onState: setTransportState,
      isAdrift: () => !disk.durable || journal.fault() !== undefined,
      load: () => disk.load(),
      read,
      reopen() {
        disk.close()
        return openAndRead(false)
      },
      save,
      renewed: ({ op }) => queued(op, world.now()),
      onRefused,
    })
    for (const message of early) background.hear(message)
    tabs.tell({ kind: "hello" })
    if (alone) void background.lead()
    else tabs.lead(background.lead)
  }

  async function openAndRead(mend: boolean) {
    try {
      disk = await options.openDisk(mend)
      await read(await disk.load())
      if (mend) {
        setMended(true)
        tabs.tell({ kind: "mended" })
      }
    } catch (error) {
      if (!mend && !(error instanceof Unavailable)) {
        disk?.close()
        return openAndRead(true)
      }
      console.warn(error)
      disk = await options.memoryDisk()
      position.generation = 0
      standAlone()
    }
    setDurable(disk.durable)
    void save(disk.durable ? outbox.unsaved() : outbox.all())
  }

  /** Without a disk in common there is nothing that the tabs could share: this one asks the server by itself. */
  function standAlone() {
    alone = true
    tabs.close()
    if (background && !background.leads()) void background.lead()
  }

  /** Makes memory what the disk holds, and what it does not hold yet. What is seen first is there first. */
  async function read(held: Held) {
    const from = disk
    const again = loaded()
    if (seenFirst !== undefined && !again && from.head) {
      begin(held, await from.head(seenFirst))
      setBegun(true)
      await goOn(await from.rows(false))
      batch(() => {
        setBegun(false)
        if (held.epoch !== null) setLoaded(true)
      })
    } else {
      const open = await from.rows(false)
      const rest = again && (await from.rows(true))
      batch(() => {
        begin(held, rest ? [...open, ...rest] : open)
        if (held.epoch !== null) setLoaded(true)
      })
      if (rest) return
    }
    await goOn(await from.rows(true))
  }

  /** Memory is `rows` and what of `held` is to be known of them. */
  function begin({ generation, epoch, cursor, queue }: Held, rows: Entry[]) {
    store.publishing(() => {
      // The disk was made anew, or emptied: what waits here would go with it.
      if (generation < position.generation) void save(outbox.all().filter(({ doneAt }) => !doneAt))
      const reading = position.reading + 1
      Object.assign(position, { reading, generation, epoch, cursor, unwritten: null })
      store.receive({ clear: true, rows, gone: [] })
      outbox.replace(queue.filter(({ op }) => !position.undropped.has(op.id)))
    })
  }

  async function goOn(rows: Entry[]) {
    for (let at = 0; at < rows.length; at += PORTION) {
      if (at > 0 && world.soon) await new Promise<void>(world.soon)
      store.publishing(() => store.receive({ clear: [], rows: rows.slice(at, at + PORTION), gone: [] }))
    }
  }

  // Changing

  /** Makes all of `changes` at once, before it returns. Returns the changes that would undo them. */
  function mutate(changes: readonly Change[]): Change[] {
    const madeAt = world.now()
    const undo: Change[] = []
    const queue: Queued[] = []
    store.publishing(() => {
      for (const change of changes) {
        undo.unshift(...store.inverse(change, madeAt))
        const entry = queued(change, madeAt)
        queue.push(entry)
        store.publishing(() => outbox.change({ queue: [entry], unqueue: [] }))
      }
    })
    save(queue)
    return undo
  }

  function queued({ entity, key, fields, creates }: Change, madeAt: number): Queued {
    const bytes = Uint8Array.from({ length: 16 }, () => world.random() * 256)
    const op = { id: uuidv7(madeAt, bytes), entity, key, fields, ...(creates && { creates: true }) } as Op
    mine.add(op.id)
    return {
      op,
      version: QUEUE_VERSION,
      place: outbox.nextPlace(madeAt),
      madeAt,
      // One write to the disk before it is sent, not two.
      attemptedAt: background?.sendingAt(),
    }
  }

  /** Writes ops to the disk, then lets the others and the server know. */
  async function save(queue: readonly Queued[]) {
    const ids = queue.map(({ op }) => op.id)
    outbox.markUnsaved(ids)
    if (world.soon) await new Promise<void>(world.soon)
    const left = () => ids.flatMap((id) => outbox.get(id) ?? [])
    if (await journal.write(() => ({ queue: left() }))) {
      outbox.markSaved(ids)
      tell({ kind: "queue", change: { queue: left(), unqueue: [] } })
    } else if (!background?.leads()) tell({ kind: "unsaved", queue: left() })
    background?.poke()
  }

  const tell = (message: Message) => (background ?? tabs).tell(message)

  function onRefused(queue: readonly Queued[]) {
    const ours = queue.filter(({ op, problem }) => problem && mine.has(op.id))
    if (ours.length > 0) options.onRefused?.(ours)
  }

  function stop() {
    if (stopped) return
    stopped = true
    opening.resolve()
    background?.stop()
    journal.stop()
    tabs.close()
    const close = () => void journal.inTurn(async () => disk?.close())
    if (world.soon) world.soon(close)
    else close()
  }

  const readers: Readers = store
  return {
    ...readers,
    mutate,
    open,
    /** Asks the server now. */
    refresh: () => background?.refresh(),
    stop,
    /** How many todos are open in a list; 0 until all of them were read. Reactive. */
    openCount: (listId: string) => (begun() ? 0 : store.openTodos(listId).length),
    /** Whether there is more on the disk than is in memory. Reactive. */
    begun,
    /** Whether everything was read once, on this device. Reactive. */
    loaded,
    /** How many changes the server has not answered. Reactive. */
    unanswered: () => outbox.waiting().length,
    /** They themselves, in order. Reactive. */
    waiting: outbox.waiting,
    /** How many changes would be lost with the page: the server does not have them, nor does the disk. */
    atRisk: () =>
      (durable() ? outbox.unsaved() : outbox.all()).filter(({ doneAt }) => doneAt === undefined).length,
    /** Changes that wait for the person: refused, or made by a later version of the page. Reactive. */
    refused: outbox.problems,
    tryAgain: (entries: readonly Queued[]) => background?.tryAgain(entries),
    discard: (entries: readonly Queued[]) => background?.discard(entries),
    /** Fetches everything again; what was not sent is kept. */
    repair: () => background?.repair(),
    /** For support: undefined until the page is settled. */
    inspect: () => background?.inspect(),
    /** Of the tab that talks to the server. Reactive. */
    transportState,
    /** Whether changes outlive the page. Reactive. */
    durable,
    /** Why the disk does not hold everything. Reactive. */
    fault: journal.fault,
    /** Whether what was stored could not be read and was fetched anew. Told once. Reactive. */
    mended,
    /** The person has seen that what was stored had to be fetched anew. */
    forgetMended: () => setMended(false),
    /** Whether this tab is the one that talks to the server. */
    leads: () => background?.leads() ?? false,
  }
}
