import type { Logger } from "pino"
import postgres from "postgres"
import { connectionUrl, type Pool } from "../database/connect.ts"
import type { Changes } from "../database/transactions.ts"

const CHANNEL = "docket_changes"
/** Seconds between two proofs that what is notified arrives, and how long one may take. */
const PROBE = { every: 15, patience: 3 }
/** Milliseconds between two notifications of this process: what changes meanwhile goes with the next one. */
const GAP_MS = 10
/** A payload has less than 8,000 bytes; one space takes at most 54. */
const MOST_IN_PAYLOAD = 140

type Options = {
  /** A connection that keeps its session: DATABASE_DIRECT_URL where DATABASE_URL goes through a pooler. */
  url: string
  sql: Pool
  log: Logger
  /** Called with what other processes changed. */
  heard: (changes: Changes) => void
  /** Called when it turns out that notifications arrive, or that they do not. What came before may have been missed. */
  turned: (isListening: boolean) => void
  probeSeconds?: number
}

export type Notifications = {
  /** Tells the other processes, soon. */
  tell: (changes: Changes) => void
  stop: () => Promise<void>
}

/**
 * Tells the processes of this database what each of them changed, by LISTEN and NOTIFY. Through a pooler in
 * transaction mode LISTEN succeeds and nothing ever arrives, and a connection may be dead without a word; so a probe
 * goes round every few seconds, and as long as none comes back, `turned(false)` is what holds.
 */
export function startNotifications({
  url,
  sql,
  log,
  heard,
  turned,
  probeSeconds = PROBE.every,
}: Options): Notifications {
  const self = Bun.randomUUIDv7()
  let isListening: boolean | null = null
  let listener: postgres.Sql | null = null
  let arrived: (() => void) | null = null
  let stopped = false
  let waiting: Changes = { spaces: new Map(), accounts: new Set() }
  let sending: Promise<void> | null = null

  const turn = (now: boolean) => {
    if (isListening === now) return
    if (!now)
      log.warn(
        "notifications do not arrive: changes are looked up every 2 s instead (is DATABASE_DIRECT_URL to be set?)",
      )
    else if (isListening === false) log.info("notifications arrive again")
    isListening = now
    turned(now)
  }

  const hear = (payload: string) => {
    const [sender, kind, rest = ""] = payload.split(" ")
    if (kind === "probe") {
      if (sender === self) arrived?.()
    } else if (sender !== self) heard(read(rest))
  }

  async function listen() {
    await listener?.end({ timeout: 0 }).catch(() => {})
    if (stopped) return
    listener = postgres(connectionUrl(url), {
      max: 1,
      connect_timeout: 5,
      onnotice: () => {},
      connection: { application_name: "docket listener" },
    })
    // Called again after each reconnection: what was notified in between is gone.
    await listener.listen(CHANNEL, hear, () => {
      if (isListening) turned(true)
    })
  }

  /** Whether a notification from the pool arrives at the listener. */
  async function probe(): Promise<boolean> {
    const arrival = new Promise<boolean>((resolve) => {
      arrived = () => resolve(true)
    })
    await sql`select pg_notify(${CHANNEL}, ${`${self} probe`})`
    return Promise.race([arrival, Bun.sleep(PROBE.patience * 1000).then(() => false)])
  }

  async function keepListening() {
    while (!stopped) {
      const works = await (async () => {
        if (!listener) await listen()
        return probe()
      })().catch(() => false)
      if (stopped) return
      turn(works)
      // A new connection for the next try: this one may be dead, or belong to a pooler.
      if (!works) {
        await listener?.end({ timeout: 0 }).catch(() => {})
        listener = null
      }
      await Promise.race([Bun.sleep(probeSeconds * 1000), ended.promise])
    }
  }

  const ended = Promise.withResolvers<void>()
  const kept = keepListening()

  async function send() {
    while (waiting.spaces.size + waiting.accounts.size > 0) {
      const payloads = write(waiting).map((text) => `${self} changes ${text}`)
      waiting = { spaces: new Map(), accounts: new Set() }
      // Whoever misses it finds out by looking (streams.ts).
      await sql`select pg_notify(${CHANNEL}, payload) from unnest(${payloads}::text[]) payload`.catch((err) =>
        log.debug({ err }, "could not notify"),
      )
      await Bun.sleep(GAP_MS)
    }
    sending = null
  }

  return {
    tell({ spaces, accounts }) {
      for (const [id, rev] of spaces) waiting.spaces.set(id, Math.max(rev, waiting.spaces.get(id) ?? 0))
      for (const id of accounts) waiting.accounts.add(id)
      sending ??= send()
    },
    async stop() {
      stopped = true
      ended.resolve()
      await kept
      await sending
      await listener?.end({ timeout: 1 }).catch(() => {})
    },
  }
}

/** `SPACE:REV` and `ACCOUNT`, comma separated. */
function write({ spaces, accounts }: Changes): string[] {
  const items = [...[...spaces].map(([id, rev]) => `${id}:${rev}`), ...accounts]
  return Array.from({ length: Math.ceil(items.length / MOST_IN_PAYLOAD) }, (_, n) =>
    items.slice(n * MOST_IN_PAYLOAD, (n + 1) * MOST_IN_PAYLOAD).join(","),
  )
}

function read(text: string): Changes {
  const changes: Changes = { spaces: new Map(), accounts: new Set() }
  for (const item of text.split(",")) {
    const [id = "", rev] = item.split(":")
    if (rev === undefined) changes.accounts.add(id)
    else changes.spaces.set(id, Number(rev))
  }
  return changes
}
