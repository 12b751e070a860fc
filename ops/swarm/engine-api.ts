import { Refusal } from "../refusal.ts"
import type { DialSocket } from "./dial-socket.ts"

/** Docker 25, the oldest engine that is still kept, speaks it, and so does 29, which refuses older ones. */
const API = "/v1.44"
const REQUEST_SECONDS = 60
/** A connection that broke is made again, after so many seconds. Only what is read is asked for again. */
const READ_AGAIN_AFTER = [1, 2, 4, 8]

/** The daemon's own answer to a request that it did not do. */
export class EngineError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Nobody answers: the network, SSH or the daemon. */
export class EngineAway extends Refusal {
  constructor(host: string, reason: string) {
    super(1, `The Docker engine at ${host} can't be reached: ${reason}`)
  }
}

type Filters = Record<string, string[]>

/** The Engine API as typed JSON. */
export class EngineApi {
  /** It did not come back within the time for that: nobody is kept waiting as long again. */
  private isAway = false

  protected constructor(
    /** Where it is, for messages. */
    readonly host: string,
    protected readonly socket: DialSocket,
  ) {}

  async get<T>(
    path: string,
    parameters: Record<string, string> = {},
    { seconds = REQUEST_SECONDS, tries = READ_AGAIN_AFTER.length + 1 } = {},
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.whole<T>(await this.request("GET", path, { parameters, seconds }))
        this.isAway = false
        return answer
      } catch (error) {
        if (!(error instanceof EngineAway)) throw error
        this.isAway ||= attempt >= tries
        if (this.isAway) throw error
        await Bun.sleep(READ_AGAIN_AFTER[attempt - 1]! * 1000)
      }
    }
  }

  /** What is listed at `path` and passes `filters`, as in `{ service: ["demo_server"] }`. */
  async list<T>(path: string, filters: Filters = {}): Promise<T[]> {
    return (await this.get<T[] | null>(path, { filters: JSON.stringify(filters) })) ?? []
  }

  /** Like `get`, or nothing when there is no such thing. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path)
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined
      throw error
    }
  }

  /** Sent once: whether a request that got no answer was done is for the caller to find out. */
  async post<T = void>(path: string, body?: unknown, parameters: Record<string, string> = {}): Promise<T> {
    const response = await this.request("POST", path, { body, parameters, seconds: REQUEST_SECONDS })
    const text = await response.text()
    return (text ? JSON.parse(text) : undefined) as T
  }

  /** The newest lines that a service's tasks have written, on both streams. */
  async serviceLogs(service: string, lines: number): Promise<string> {
    return this.logs(`/services/${service}/logs`, lines)
  }

  /** The same of one task, while its container is there. */
  async taskLogs(task: string, lines: number): Promise<string> {
    return this.logs(`/tasks/${task}/logs`, lines)
  }

  private async logs(path: string, lines: number): Promise<string> {
    const parameters = { stdout: "1", stderr: "1", tail: String(lines) }
    const response = await this.request("GET", path, { parameters, seconds: REQUEST_SECONDS })
    return plainLog(await response.bytes()).trimEnd()
  }

  /** Done as well when it is gone already. */
  async delete(path: string): Promise<void> {
    try {
      await (await this.request("DELETE", path, { seconds: REQUEST_SECONDS })).text()
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 404)) throw error
    }
  }

  private async request(
    method: string,
    path: string,
    {
      body,
      parameters = {},
      seconds,
    }: { body?: unknown; parameters?: Record<string, string>; seconds: number },
  ): Promise<Response> {
    const query = new URLSearchParams(parameters).toString()
    const response = await this.send(`http://docker${API}${path}${query && `?${query}`}`, {
      method,
      signal: AbortSignal.timeout(seconds * 1000),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    })
    if (response.ok) return response
    const text = await response.text()
    throw new EngineError(response.status, messageOf(text))
  }

  private async whole<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T
    } catch (error) {
      throw new EngineAway(this.host, `its answer broke off: ${(error as Error).message}`)
    }
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...init, unix: this.socket.path })
    } catch (error) {
      const slow = (error as Error).name === "TimeoutError"
      // SSH says why only once it has ended, which is a moment after its output has.
      await Bun.sleep(200)
      throw new EngineAway(
        this.host,
        this.socket.complaint() ?? (slow ? "it does not answer." : String(error)),
      )
    }
  }
}

function messageOf(text: string): string {
  try {
    return JSON.parse(text).message
  } catch {
    return text.slice(0, 500)
  }
}

/** Each piece of a log follows eight bytes: its stream, three zeros and its length (Engine API, ContainerAttach). */
function plainLog(framed: Uint8Array): string {
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength)
  const decoder = new TextDecoder()
  let text = ""
  for (let at = 0; at + 8 <= framed.length; ) {
    const length = view.getUint32(at + 4)
    text += decoder.decode(framed.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return text
}
