import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls"
import { type Answer, Broken } from "./answer.ts"
import { AnswerReader } from "./answer-reader.ts"

/** Where to connect, and as whom: `address` in place of DNS, `domain` in SNI and Host, verified by `ca` (PEM). */
export type Target = { address: string; domain: string; ca: string }

export type Request = {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
  /** Milliseconds over which the body is sent in pieces. */
  sentOver?: number
}

const PIECES = 6

/** Of each authority, what is made of its PEM text once and not for each connection. */
const contexts = new Map<string, SecureContext>()

/**
 * One HTTP/1.1 connection over TLS, of the test's own because an HTTP library hides what is to be counted: it asks again
 * when a connection that it kept was closed, and does not tell a cut answer from a whole one.
 */
export class Connection {
  private reader: AnswerReader | undefined
  private broken: Broken | undefined
  /** Whether another request may be sent. */
  open = true

  private constructor(private readonly socket: TLSSocket) {
    socket.on("data", (data) => this.reader?.read(data))
    socket.on("error", (error: NodeJS.ErrnoException) => this.end(new Broken("reset", error.code ?? error)))
    socket.on("end", () => this.end(new Broken("closed")))
    socket.on("close", () => this.end(new Broken("closed")))
  }

  /** Throws `Broken` when there is no connection, or no certificate that is good, within `seconds`. */
  static make({ address, domain, ca }: Target, seconds = 10): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: address,
        port: 443,
        servername: domain,
        secureContext: contexts.getOrInsertComputed(ca, () => createSecureContext({ ca })),
        ALPNProtocols: ["http/1.1"],
      })
      let isConnected = false
      socket.once("connect", () => {
        isConnected = true
      })
      const timer = setTimeout(() => fail("no answer"), seconds * 1000)
      const fail = (reason: unknown) => {
        clearTimeout(timer)
        socket.destroy()
        reject(new Broken(isConnected ? "handshake failed" : "not connected", reason))
      }
      const failed = (error: NodeJS.ErrnoException) => fail(error.code ?? error)
      const closed = () => fail("closed")
      socket.once("error", failed)
      socket.once("close", closed)
      socket.once("secureConnect", () => {
        clearTimeout(timer)
        socket.off("error", failed)
        socket.off("close", closed)
        socket.setNoDelay(true)
        resolve(new Connection(socket))
      })
    })
  }

  /** The certificate's serial number, in hexadecimal. */
  get serialNumber(): string {
    return this.socket.getPeerCertificate().serialNumber
  }

  get localAddress(): string {
    return this.socket.localAddress ?? ""
  }

  /** Sends one request and reads its whole answer. Throws `Broken`. */
  async ask(domain: string, request: Request, seconds = 40): Promise<Answer> {
    const reader = this.begin(request.method)
    const timer = setTimeout(() => this.end(new Broken("timeout")), seconds * 1000)
    try {
      await this.send(domain, request)
      const answer = await reader.whole
      if (answer.headers.connection === "close") this.close()
      return answer
    } finally {
      clearTimeout(timer)
      this.reader = undefined
    }
  }

  /** Sends a request whose answer has no end; `heard` gets its text as it comes. Resolves when it has ended in order. */
  async follow(domain: string, request: Request, heard: (text: string) => void): Promise<Answer> {
    const reader = this.begin(request.method, heard)
    await this.send(domain, request)
    return reader.whole
  }

  close() {
    this.open = false
    this.socket.end()
  }

  private begin(method: string, heard?: (text: string) => void): AnswerReader {
    if (this.broken) throw this.broken
    this.reader = new AnswerReader(method, heard)
    return this.reader
  }

  private async send(domain: string, { method, path, headers = {}, body, sentOver = 0 }: Request) {
    const all: Record<string, string> = { Host: domain, ...headers }
    if (body !== undefined) {
      all["Content-Type"] = "application/json"
      all["Content-Length"] = `${Buffer.byteLength(body)}`
    }
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    const opening = `${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n`
    if (body === undefined || sentOver === 0) {
      this.socket.write(opening + (body ?? ""))
      return
    }
    this.socket.write(opening)
    const length = Math.ceil(body.length / PIECES)
    for (let piece = 0; piece < PIECES; piece++) {
      await Bun.sleep(sentOver / PIECES)
      if (!this.open) return
      this.socket.write(body.slice(piece * length, (piece + 1) * length))
    }
  }

  private end(reason: Broken) {
    this.open = false
    this.broken ??= reason
    this.reader?.cut(reason)
    this.socket.destroy()
  }
}
