import type { News } from "./protocol.ts"
import type { World } from "./world.ts"

type Options = {
  world: World
  /** Opens the stream (text/event-stream); rejects when no answer came. */
  connect: (signal: AbortSignal) => Promise<Response>
  onNews: (news: News) => void
}

/** A stream that is silent for so many milliseconds is dead: the server writes each 25 s. */
const SILENCE = 60_000
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 60_000

/**
 * Follows the server's event stream, and opens it again whenever it ends. Where it cannot be had at all (a proxy that holds
 * it back), each try asks to look, so that news comes with a delay. Returns what ends it.
 */
export function followEvents({ world, connect, onNews }: Options): () => void {
  let stopped = false
  let failures = 0
  let cancelWait: (() => void) | undefined
  let abort = new AbortController()

  async function follow() {
    abort = new AbortController()
    let cancelSilence = world.after(SILENCE, () => abort.abort())
    let wait: number | undefined
    try {
      const response = await connect(abort.signal)
      if (!response.ok || !response.body) throw new Error(`The event stream answered ${response.status}.`)
      // Every space is told of at the start, but not one that was left while there was no stream.
      if (failures > 0) onNews(null)
      for await (const event of eventsOf(response.body)) {
        cancelSilence()
        cancelSilence = world.after(SILENCE, () => abort.abort())
        failures = 0
        if (event.name === "change") onNews(event.data as News)
        else if (event.name === "bye") {
          const { reason, retryMs } = event.data as { reason: string; retryMs: number }
          wait = retryMs
          // The next request says what became of the session.
          if (reason === "signed-out") onNews(null)
        } else if (event.name === "spaces") onNews(null)
      }
    } catch {
      // It is opened again, whatever ended it; that the server cannot be reached shows at the next push or pull.
    } finally {
      cancelSilence()
      // What could not be read would otherwise go on coming.
      abort.abort()
    }
    if (stopped) return
    failures += 1
    if (failures > 1) onNews(null)
    const backoff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures - 1, 10))
    cancelWait = world.after(wait ?? backoff * (0.5 + world.random()), () => void follow())
  }

  void follow()
  return () => {
    stopped = true
    cancelWait?.()
    abort.abort()
  }
}

type Event = { name: string; data: unknown }

/** The events of a stream (WHATWG HTML, "Server-sent events"); a comment is one without a name. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = body.pipeThrough(new TextDecoderStream() as never).getReader()
  let text = ""
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += value
    const blocks = text.split("\n\n")
    text = blocks.pop()!
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? ""
      yield { name: field("event"), data: JSON.parse(field("data") || "null") }
    }
  }
}
