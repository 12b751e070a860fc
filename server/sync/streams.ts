import type { Logger } from "pino"
import type { Pool } from "../database/connect.ts"
import type { Changes } from "../database/transactions.ts"
import { Problem } from "../problems.ts"
import { type Look, look } from "./event-queries.ts"
import { type ByeReason, byeEvent, changeEvent, HEARTBEAT, helloEvent, SPACES_EVENT } from "./event-text.ts"

/** Streams one process holds open, at about 9 kB each (docs/performance.md). */
const MOST_STREAMS = 20_000
/** Streams of one account in one process; a further one ends the one that was opened first. */
const MOST_OF_ACCOUNT = 50
/** Seconds between two bytes to a stream, below what proxies take for dead (30 s and more). */
const HEARTBEAT_SECONDS = 25
/**
 * Seconds after which everything that streams were told is looked up again, whatever was heard meanwhile: sessions that
 * ended, memberships that came or went, revs. Shorter where nothing is heard.
 */
const LOOK_SECONDS = { listening: 5, polling: 2 }
/** Callers looked up by one query. */
const LOOK_BATCH = 1000
/**
 * Events, of about 100 bytes, that a stream which nobody reads may keep in memory before it is ended. Counted below the
 * stream's own mark: a mark given to it makes Bun take 4 kB more for each.
 */
const MOST_UNREAD = 2000
/** Streams that may come again within a second when all are sent away. */
const RETURNING_A_SECOND = 500

type Caller = { accountId: string; sessionId: string }

type Stream = {
  number: number
  sessionId: string
  account: Account
  controller: ReadableStreamDefaultController<Uint8Array>
}

/** Arrays, since a set takes a quarter of a kilobyte; others take their place when something leaves, not in a loop's midst. */
type Account = { id: string; number: number; streams: Stream[]; spaces: Space[] }
/** While it is resting nothing is told of it. */
type Space = { id: string; rev: number; accounts: Account[]; resting: boolean }

type Opening = { caller: Caller; resolve: (body: ReadableStream) => void; reject: (error: unknown) => void }

/**
 * The event streams of this process. One says which spaces have moved on, `{ space, rev }`, and nothing of what is in
 * them: whoever hears that asks for it (pull.ts). What is heard from transactions and other processes only makes it
 * faster; everything is looked up again every few seconds, so that nothing that is lost on the way stays lost.
 */
export class EventStreams {
  readonly #sql: Pool
  readonly #log: Logger
  readonly #accounts = new Map<string, Account>()
  readonly #spaces = new Map<string, Space>()
  readonly #opening: Opening[] = []
  /** Revs that were heard while a look was under way, which may have been too early to see them. */
  #heardWhileLooking: Map<string, number> | null = null
  #looking: Promise<unknown> = Promise.resolve()
  #opener: Promise<void> | null = null
  #isPolling = false
  #isSweeping = false
  #epoch: string | undefined
  #ended = false
  #count = 0
  #number = 0
  #tick = 0
  readonly #timer: Timer

  constructor({ sql, log }: { sql: Pool; log: Logger }) {
    this.#sql = sql
    this.#log = log
    this.#timer = setInterval(() => void this.tick(), 1000)
    this.#timer.unref()
  }

  /** How many are open. */
  get count(): number {
    return this.#count
  }

  /**
   * Opens a stream for the caller. Those that ask at the same time are looked up together, so a mass reconnect takes one
   * connection of the pool. Throws 401 when the session has ended, 503 when there are too many streams.
   */
  open(caller: Caller): Promise<ReadableStream> {
    if (this.#ended || this.#count + this.#opening.length >= MOST_STREAMS) throw tooManyStreams()
    const opened = new Promise<ReadableStream>((resolve, reject) => {
      this.#opening.push({ caller, resolve, reject })
    })
    this.#opener ??= this.#openAll().finally(() => {
      this.#opener = null
    })
    return opened
  }

  /** Whether anything is heard from other processes; if not, revs are looked up more often. */
  set isPolling(isPolling: boolean) {
    this.#isPolling = isPolling
  }

  /** Tells the streams concerned. Hearing the same again, or of what nobody here follows, costs next to nothing. */
  hear({ spaces, accounts }: Changes) {
    for (const [id, rev] of spaces) {
      this.#heardWhileLooking?.set(id, rev)
      this.#raise(id, rev)
    }
    const concerned = [...accounts].flatMap((id) => this.#accounts.get(id) ?? [])
    if (concerned.length > 0) void this.#lookAgain(concerned)
  }

  /** Looks everything up at once: something may have been missed. */
  async lookAtAll() {
    await this.#lookAgain([...this.#accounts.values()])
  }

  /** Ends all streams, telling them to come again at different times; none is opened any more. */
  end() {
    this.#ended = true
    clearInterval(this.#timer)
    this.#sendAway()
  }

  #sendAway() {
    const spread = 1000 * Math.max(1, this.#count / RETURNING_A_SECOND)
    for (const account of [...this.#accounts.values()])
      for (const stream of account.streams) this.#end(stream, "restart", 500 + Math.random() * spread)
  }

  /** Once a second: a share of the streams gets its heartbeat, a share of the accounts is looked up. */
  async tick() {
    this.#tick += 1
    const every = this.#isPolling ? LOOK_SECONDS.polling : LOOK_SECONDS.listening
    const due: Account[] = []
    for (const account of this.#accounts.values()) {
      if ((account.number + this.#tick) % every === 0) due.push(account)
      for (const stream of account.streams)
        if ((stream.number + this.#tick) % HEARTBEAT_SECONDS === 0) this.#write(stream, HEARTBEAT)
    }
    // While the database is slow, looks do not pile up.
    if (due.length === 0 || this.#isSweeping) return
    this.#isSweeping = true
    await this.#lookAgain(due)
    this.#isSweeping = false
  }

  async #openAll() {
    while (this.#opening.length > 0) {
      const batch = this.#opening.splice(0, LOOK_BATCH)
      try {
        await this.#look(
          batch.map(({ caller }) => caller),
          (found) => {
            for (const opening of batch) this.#admit(opening, found)
          },
        )
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
  }

  #admit({ caller, resolve, reject }: Opening, { epoch, sessions, spaces }: Look) {
    const revs = spaces.get(caller.accountId)!
    if (!sessions.has(caller.sessionId) || revs.size === 0) return reject(Problem.unauthenticated())
    if (this.#ended) return reject(tooManyStreams())
    const account = this.#account(caller.accountId)
    if (account.streams.length >= MOST_OF_ACCOUNT) this.#end(account.streams[0]!, "superseded", 60_000)
    const followed = this.#follow(account, revs)
    const { body, stream } = this.#newStream(caller.sessionId, account)
    // Spread, so that those of a server that fell over do not come to the next one all at once.
    const hello = helloEvent(Math.round(1000 + Math.random() * 4000), epoch)
    this.#write(stream, Buffer.concat([hello, ...followed.map(({ id, rev }) => changeEvent(id, rev))]))
    resolve(body)
  }

  /** Its functions are kept for as long as it is open, and so is all that is in their reach: as little as can be. */
  #newStream(sessionId: string, account: Account) {
    const stream = { number: this.#number++, sessionId, account } as Stream
    const start = (controller: Stream["controller"]) => {
      stream.controller = controller
    }
    const body = new ReadableStream<Uint8Array>({ start, cancel: () => this.#forget(stream) })
    account.streams.push(stream)
    this.#count += 1
    return { body, stream }
  }

  #account(id: string): Account {
    let account = this.#accounts.get(id)
    if (!account) {
      account = { id, number: this.#number++, streams: [], spaces: [] }
      this.#accounts.set(id, account)
    }
    return account
  }

  /** One look at a time, so that an older one never comes after a newer one. */
  #look(callers: Caller[], then: (found: Look) => void): Promise<void> {
    const run = async () => {
      const heard = new Map<string, number>()
      this.#heardWhileLooking = heard
      try {
        const sessions = [...new Set(callers.map(({ sessionId }) => sessionId))]
        const accounts = [...new Set(callers.map(({ accountId }) => accountId))]
        const found = await look(this.#sql, sessions, accounts)
        // Restored from a backup under this process: no rev it knows means anything any more.
        if (this.#epoch !== undefined && this.#epoch !== found.epoch) this.#sendAway()
        this.#epoch = found.epoch
        then(found)
      } finally {
        this.#heardWhileLooking = null
      }
      for (const [id, rev] of heard) this.#raise(id, rev)
    }
    const looked = this.#looking.then(run)
    this.#looking = looked.catch(() => {})
    return looked
  }

  async #lookAgain(accounts: Account[]) {
    for (let start = 0; start < accounts.length; start += LOOK_BATCH) {
      const batch = accounts.slice(start, start + LOOK_BATCH)
      const callers = batch.flatMap(({ id, streams }) =>
        [...streams].map(({ sessionId }) => ({ accountId: id, sessionId })),
      )
      try {
        await this.#look(callers, (found) => {
          for (const account of batch) this.#compare(account, found)
        })
      } catch (error) {
        // The next look is soon; until then nobody can tell who may not be told.
        this.#log.debug({ err: error }, "event streams could not be looked up")
      }
    }
  }

  /** Ends the streams whose session is over, and tells the others what they have not heard. */
  #compare(account: Account, { sessions, spaces }: Look) {
    const revs = spaces.get(account.id)
    // Opened since the look began.
    if (!revs) return
    for (const stream of account.streams)
      if (!sessions.has(stream.sessionId)) this.#end(stream, "signed-out", 60_000)
    const followed = new Set(account.spaces.map(({ id }) => id))
    const left = account.spaces.filter(({ id }) => !revs.has(id))
    const joined = new Map([...revs].filter(([id]) => !followed.has(id)))
    for (const space of left) this.#unfollow(account, space)
    this.#follow(account, joined)
    if (left.length + joined.size > 0) this.#tell(account, SPACES_EVENT)
    for (const [id, rev] of revs) this.#raise(id, rev)
  }

  /** Returns the spaces of `revs`, as of their latest revs: what was heard may be beyond what was looked up. */
  #follow(account: Account, revs: Map<string, number>): Space[] {
    return [...revs].map(([id, rev]) => {
      // Others here who follow it may not have heard of this rev yet.
      this.#raise(id, rev)
      const space = this.#spaces.get(id) ?? { id, rev, accounts: [], resting: false }
      this.#spaces.set(id, space)
      if (!space.accounts.includes(account)) {
        space.accounts.push(account)
        account.spaces.push(space)
      }
      return space
    })
  }

  #unfollow(account: Account, space: Space) {
    account.spaces = account.spaces.filter((other) => other !== space)
    space.accounts = space.accounts.filter((other) => other !== account)
    if (space.accounts.length === 0) this.#spaces.delete(space.id)
  }

  /**
   * Tells everyone who follows the space of a rev that is news. After telling many it rests, a millisecond for each ten
   * of them, and then tells the latest rev: a busy space with a thousand streams costs ten tellings a second.
   */
  #raise(id: string, rev: number) {
    const space = this.#spaces.get(id)
    if (!space || rev <= space.rev) return
    space.rev = rev
    if (!space.resting) this.#tellAll(id, space)
  }

  #tellAll(id: string, space: Space) {
    const { rev, accounts } = space
    const event = changeEvent(id, rev)
    for (const account of accounts) this.#tell(account, event)
    const rest = Math.floor(accounts.length / 10)
    if (rest === 0) return
    space.resting = true
    setTimeout(() => {
      space.resting = false
      if (space.rev > rev) this.#tellAll(id, space)
    }, rest)
  }

  #tell(account: Account, event: Uint8Array) {
    for (const stream of account.streams) this.#write(stream, event)
  }

  #write(stream: Stream, bytes: Uint8Array) {
    // Whoever does not read comes again when it does, and looks at everything then.
    const { desiredSize } = stream.controller
    if (desiredSize === null || desiredSize < -MOST_UNREAD) return this.#end(stream, "superseded", 0)
    stream.controller.enqueue(bytes)
  }

  #end(stream: Stream, reason: ByeReason, retry: number) {
    if (!stream.account.streams.includes(stream)) return
    this.#forget(stream)
    if (stream.controller.desiredSize !== null) stream.controller.enqueue(byeEvent(reason, Math.round(retry)))
    stream.controller.close()
  }

  #forget(stream: Stream) {
    const { account } = stream
    if (!account.streams.includes(stream)) return
    account.streams = account.streams.filter((other) => other !== stream)
    this.#count -= 1
    if (account.streams.length > 0) return
    for (const space of account.spaces) this.#unfollow(account, space)
    this.#accounts.delete(account.id)
  }
}

const tooManyStreams = () =>
  new Problem(503, "too-many-streams", "This server follows as many pages as it can.", {
    headers: { "Retry-After": `${Math.ceil(5 + Math.random() * 25)}` },
  })
