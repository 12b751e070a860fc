import { type Answer, Broken } from "./answer.ts"

/**
 * Reads one HTTP/1.1 answer (RFC 9112) from the pieces in which it comes: by its length, or in chunks. An answer that is
 * cut is never taken for a whole one.
 */
export class AnswerReader {
  readonly whole: Promise<Answer>
  private settle: { resolve: (answer: Answer) => void; reject: (error: Broken) => void }
  private buffer: Buffer = Buffer.alloc(0)
  private head: Omit<Answer, "body"> | undefined
  private body = ""
  /** Bytes that are still to come: of the body, or of the chunk. */
  private left = 0
  private chunked = false
  private done = false

  /** `heard` gets the body's text as it comes; it is then not kept. */
  constructor(
    private readonly method: string,
    private readonly heard?: (text: string) => void,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.whole = promise
    // Whoever waits for it may come to that only once a slow body is sent.
    promise.catch(() => {})
    this.settle = { resolve, reject }
  }

  read(data: Buffer) {
    if (this.done) return
    this.buffer = this.buffer.length === 0 ? data : Buffer.concat([this.buffer, data])
    if (!this.head && !this.readHead()) return
    if (this.chunked) this.readChunks()
    else this.readLength()
  }

  /** No more will come. */
  cut({ kind, message }: Broken) {
    if (this.done) return
    this.done = true
    this.settle.reject(new Broken(this.head ? `answer cut (${kind})` : `no answer (${kind})`, message))
  }

  private readHead(): boolean {
    const end = this.buffer.indexOf("\r\n\r\n")
    if (end === -1) return false
    const [first = "", ...lines] = this.buffer.subarray(0, end).toString("latin1").split("\r\n")
    this.buffer = this.buffer.subarray(end + 4)
    const headers: Record<string, string> = {}
    for (const line of lines) {
      const colon = line.indexOf(":")
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
    }
    const status = Number(first.split(" ")[1])
    this.head = { status, headers }
    this.chunked = headers["transfer-encoding"] === "chunked"
    this.left =
      this.method === "HEAD" || status === 204 || status === 304 ? 0 : Number(headers["content-length"] ?? 0)
    return true
  }

  private readLength() {
    this.take(Math.min(this.left, this.buffer.length))
    if (this.left === 0) this.finish()
  }

  private readChunks() {
    for (;;) {
      if (this.left > 0) {
        this.take(Math.min(this.left, this.buffer.length))
        if (this.left > 0) return
      }
      // The line break after a chunk comes before the next one's size.
      const start = this.buffer.subarray(0, 2).toString() === "\r\n" ? 2 : 0
      const end = this.buffer.indexOf("\r\n", start)
      if (end === -1) return
      const size = Number.parseInt(this.buffer.subarray(start, end).toString(), 16)
      if (size === 0) {
        if (this.buffer.length < end + 4) return
        return this.finish()
      }
      this.buffer = this.buffer.subarray(end + 2)
      this.left = size
    }
  }

  private take(bytes: number) {
    if (bytes === 0) return
    const text = this.buffer.subarray(0, bytes).toString()
    this.buffer = this.buffer.subarray(bytes)
    this.left -= bytes
    if (this.heard) this.heard(text)
    else this.body += text
  }

  private finish() {
    this.done = true
    this.settle.resolve({ ...this.head!, body: this.body })
  }
}
