/** What arrived on an event stream: its events, and what they were told before it ended. */
export type Received = { event: string; data: Record<string, unknown> }

export type OpenStream = {
  /** Everything received so far. */
  events: Received[]
  /** The last `retry`, in milliseconds. */
  retry: () => number
  /** Comments received so far. */
  heartbeats: () => number
  /** Resolves with the first event, from now on or so far, that `wanted` accepts; null after `patience` seconds. */
  until: (wanted: (received: Received) => boolean, patience?: number) => Promise<Received | null>
  /** Resolves when the server has ended it. */
  ended: Promise<void>
  close: () => Promise<void>
}

/** Reads the answer of `GET /api/events` as a browser would. */
export function readStream(response: Response): OpenStream {
  if (response.status !== 200) throw new Error(`no stream: ${response.status}`)
  const reader = response.body!.getReader()
  const events: Received[] = []
  let [retry, heartbeats] = [Number.NaN, 0]
  let changed = Promise.withResolvers<void>()

  const receive = (block: string) => {
    let event = "message"
    for (const line of block.split("\n")) {
      const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]
      if (name === "") heartbeats += 1
      if (name === "retry") retry = Number(value)
      if (name === "event") event = value
      if (name === "data") events.push({ event, data: JSON.parse(value) })
    }
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }

  const ended = (async () => {
    const decoder = new TextDecoder()
    let text = ""
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += decoder.decode(read.value, { stream: true })
      const blocks = text.split("\n\n")
      text = blocks.pop()!
      for (const block of blocks) receive(block)
    }
    changed.resolve()
  })().catch(() => changed.resolve())

  return {
    events,
    retry: () => retry,
    heartbeats: () => heartbeats,
    until: async (wanted, patience = 10) => {
      for (const end = performance.now() + patience * 1000; performance.now() < end; ) {
        const found = events.find(wanted)
        if (found) return found
        await Promise.race([changed.promise, Bun.sleep(100)])
      }
      return null
    },
    ended,
    close: () => reader.cancel(),
  }
}

/** An event that tells of `space`, at `rev` or beyond. */
export const tells =
  (space: string, rev = 0) =>
  ({ event, data }: Received) =>
    event === "change" && data.space === space && Number(data.rev) >= rev
