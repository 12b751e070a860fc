import { ApiProblem } from "../api/problem.ts"
import type { News, Refusal, SyncAnswer, SyncRequest } from "./protocol.ts"
import { type Cursor, OPS_MAXIMUM, PROTOCOL } from "./protocol.ts"
import type { Op } from "./rows.ts"
import type { World } from "./world.ts"

/** The server, as far as syncing goes. */
export type Network = {
  /** Rejects with `ApiProblem` when the server refuses, and with anything else when no answer came. */
  post: (request: SyncRequest) => Promise<SyncAnswer>
  /** Calls `onNews` whenever there is something to pull, until the function that it returns is called. */
  listen: (onNews: (news: News) => void) => () => void
}

/** `outdated`: the server speaks only later versions of the protocol, `ahead`: only earlier ones, `failing`: it fails, or refuses. */
export type TransportState = "idle" | "busy" | "offline" | "signed-out" | "outdated" | "ahead" | "failing"

type Options = {
  world: World
  network: Network
  onState: (state: TransportState) => void
  /** How far everything was read, and which reading of the disk it is that this goes on from. */
  position: () => { reading: number; epoch: string | null; cursor: Cursor }
  /** Up to `most` ops to send, once it is on the disk that they were. `now` is the server's clock. */
  take: (most: number, now: number) => Promise<Op[]>
  /** Whether there are ops to take. */
  isWaiting: () => boolean
  /** What came back. */
  onAnswer: (answer: SyncAnswer) => void
  /** The server will not take this op, nor what comes after while it is sent. */
  onPoison: (id: string, problem: Refusal) => void
}

/** After so many milliseconds the server's clock is asked for again before anything is sent: a device may have slept. */
const CLOCK_TRUSTED = 60 * 60_000
/** Milliseconds of the first wait without an answer, and the longest. */
const FIRST_WAIT = 500
const LONGEST_WAIT = 30_000
/**
 * Requests at once, and milliseconds for each one after: fewer than a server takes of an account, which may have other
 * devices (docs/sync.md, "Bounds"). What is changed meanwhile goes together.
 */
const BURST = 8
const EVERY = 150
/** Tries of one op alone at which the server fails, before it counts as refused. */
const TRIES = 3

/**
 * Push and pull: one request at a time carries the first ops of the outbox and how far everything was read; the answer
 * carries what became of them and what is new. It goes on while there is more of either, then waits to be poked. Without
 * an answer the same is sent again after a while, forever: the ops' ids make it the same request.
 */
export function createTransport(options: Options) {
  const { world, network } = options
  let state: TransportState = "idle"
  let running = false
  let poked = false
  /** Which run this is: what an earlier one still waits for is no longer heard. */
  let run = 0
  let failures = 0
  let most = OPS_MAXIMUM
  let serverClock: { server: number; device: number } | undefined
  let cancelWait: (() => void) | undefined
  let stopListening: (() => void) | undefined
  /** When all that was sent has had its time, by this device's clock (the generic cell rate algorithm). */
  let arrival = 0
  /** The highest rev of each space that was surely read. */
  const read = new Map<string, number>()

  function setState(after: TransportState) {
    if (after === state) return
    state = after
    options.onState(after)
  }

  /** The server's clock now, if it was asked lately. */
  function serverNow() {
    if (!serverClock) return undefined
    const passed = world.now() - serverClock.device
    return passed >= 0 && passed < CLOCK_TRUSTED ? serverClock.server + passed : undefined
  }

  async function exchange(mine: number) {
    do {
      if (state === "idle" || state === "signed-out") setState("busy")
      await turn()
      if (mine !== run) return
      poked = false
      const now = serverNow()
      const ops = now === undefined ? [] : await options.take(most, now)
      if (mine !== run) return
      const { reading, epoch, cursor } = options.position()
      let answer: SyncAnswer
      try {
        answer = await network.post({ v: PROTOCOL, epoch, cursor, ops })
        // Only those for another database are left undone, to be sent again to this one.
        if (answer.acks.length !== ops.length && answer.epoch === epoch) throw new ApiProblem(500, "failed")
      } catch (error) {
        if (mine === run) onFailure(error, ops)
        return
      }
      if (mine !== run) return
      failures = 0
      most = Math.min(OPS_MAXIMUM, most * 2)
      serverClock = { server: Date.parse(answer.now), device: world.now() }
      // Memory no longer holds what the answer goes on from: it is asked again from what there is now.
      if (reading !== options.position().reading) {
        poked = true
        continue
      }
      options.onAnswer(answer)
      if (!answer.more) noteRead(answer)
      poked ||= answer.more || options.isWaiting()
      setState(poked ? "busy" : "idle")
    } while (poked)
    running = false
  }

  /** Waits until the next request is no more than the server takes. */
  async function turn() {
    const now = world.now()
    // A clock that was set back says nothing of what was sent.
    if (arrival - now > BURST * EVERY) arrival = now
    arrival = Math.max(arrival, now) + EVERY
    const early = arrival - now - BURST * EVERY
    if (early > 0) await new Promise<void>((resolve) => world.after(early, resolve))
  }

  function noteRead({ changes, gone }: SyncAnswer) {
    const note = (space: string, rev: number) => read.set(space, Math.max(rev, read.get(space) ?? 0))
    for (const { entity, row } of changes) note(entity === "todo" ? row.listId : row.id, row.rev)
    for (const { space, rev } of gone) note(space, rev)
  }

  function onFailure(error: unknown, ops: Op[]) {
    failures += 1
    if (!(error instanceof ApiProblem)) return wait("offline")
    const { status, slug, retryAfter } = error
    if (status === 401) return pause("signed-out")
    if (slug === "client-too-old") return wait("outdated", LONGEST_WAIT)
    if (slug === "client-too-new") return wait("ahead", LONGEST_WAIT)
    const isFault = status === 400 || status === 413 || status === 422
    if (ops.length > 1 && (isFault || status === 500)) {
      // One of them is at fault: it is found by halves.
      most = ops.length >> 1
      return isFault ? again() : wait("failing")
    }
    if (ops.length === 1 && (isFault || (status === 500 && failures >= TRIES))) {
      options.onPoison(ops[0]!.id, { code: slug || "failed" })
      return again()
    }
    const isBusy = status === 429 || (status === 503 && retryAfter !== null)
    // Docket's own refusal is no matter of the connection (an address that SITE_URL does not name, for one); a gateway's
    // answer while the server is away means the same as none.
    const isFailing = status === 500 || isFault || (status < 500 && slug !== "")
    wait(isBusy ? "busy" : isFailing ? "failing" : "offline", (retryAfter ?? 0) * 1000)
  }

  function again() {
    void exchange(run)
  }

  /** Tries again after at least `least` milliseconds, later each time; never all devices at once. */
  function wait(state: TransportState, least = 0) {
    setState(state)
    const backoff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 10))
    cancelWait = world.after(least + backoff * (0.5 + world.random()), () => {
      cancelWait = undefined
      again()
    })
  }

  function pause(state: TransportState) {
    running = false
    run += 1
    setState(state)
  }

  function start() {
    if (running) return
    running = true
    run += 1
    again()
  }

  return {
    /** When what is made now will be sent, by the server's clock, if nothing is known to be in its way. */
    sendingAt: () => (state === "idle" || state === "busy" ? serverNow() : undefined),
    /** Begins, and listens for news. */
    start() {
      stopListening ??= network.listen((news) => {
        if (!news || (read.get(news.space) ?? -1) < news.rev) this.poke()
      })
      start()
    },
    /** There is something to send, or perhaps to read. Waits as long as the server asked, and while nobody is signed in. */
    poke() {
      poked = true
      if (stopListening && state !== "signed-out" && !cancelWait) start()
    },
    /** Tries now: the network is back, or the person is, or wants to know. */
    retry() {
      if (!stopListening) return
      cancelWait?.()
      if (cancelWait || !running) {
        cancelWait = undefined
        failures = 0
        running = false
        start()
      } else poked = true
    },
    stop() {
      stopListening?.()
      stopListening = undefined
      cancelWait?.()
      cancelWait = undefined
      running = false
      run += 1
    },
  }
}
