import type { Socket, Subprocess } from "bun"

/**
 * Many clients of `GET /api/events` in a process of their own, on bare sockets: a thousand `fetch`es would measure
 * themselves. Run as a child (`startClients`), it is asked over IPC.
 */
export type Clients = {
  /** Opens a stream for each token; resolves when each has said hello, with the milliseconds that took. */
  open: (port: number, tokens: string[]) => Promise<number>
  /** From now on, when each stream last told of a rev of the space at or beyond `rev`; resolves when all have. */
  hear: (space: string, rev: number) => Promise<{ at: number[] }>
  /** What has become of a reconnection: when streams said hello again, and when their clients had pulled. */
  comeBack: () => Promise<{ opened: number[]; pulled: number[]; failures: number }>
  stop: () => Promise<void>
}

type Question =
  | { open: { port: number; tokens: string[] } }
  | { hear: { space: string; rev: number } }
  | { comeBack: true }

export function startClients(): Clients {
  const waiting: ((answer: never) => void)[] = []
  const child: Subprocess = Bun.spawn([process.execPath, import.meta.path], {
    stdout: "inherit",
    stderr: "inherit",
    ipc: (answer) => waiting.shift()?.(answer as never),
  })
  const ask = <Answer>(question: Question) =>
    new Promise<Answer>((resolve) => {
      waiting.push(resolve as (answer: never) => void)
      child.send(question)
    })
  return {
    open: (port, tokens) => ask<number>({ open: { port, tokens } }),
    hear: (space, rev) => ask<{ at: number[] }>({ hear: { space, rev } }),
    comeBack: () => ask({ comeBack: true }),
    stop: async () => {
      child.kill()
      await child.exited
    },
  }
}

/** Milliseconds since 1970 with fractions: the same in every process of the machine. */
export const wallClock = () => performance.timeOrigin + performance.now()

type Client = { token: string; port: number; socket?: Socket; text: string; retry: number; closed: boolean }

if (import.meta.main) {
  const clients: Client[] = []
  let hello = (_client: Client) => {}
  let heard: { space: string; rev: number; at: Map<Client, number>; done: () => void } | null = null
  let closed = (_client: Client) => {}

  const receive = (client: Client, chunk: string) => {
    client.text += chunk
    const blocks = client.text.split("\n\n")
    client.text = blocks.pop()!
    for (const block of blocks) {
      const retry = /^retry: (\d+)/m.exec(block)?.[1]
      if (retry) client.retry = Number(retry)
      if (block.includes("event: hello")) hello(client)
      const told = heard && /"space":"([^"]+)","rev":(\d+)/.exec(block)
      if (heard && told?.[1] === heard.space && Number(told[2]) >= heard.rev && !heard.at.has(client)) {
        heard.at.set(client, wallClock())
        if (heard.at.size === clients.length) heard.done()
      }
    }
  }

  const connect = (client: Client): Promise<void> =>
    Bun.connect({
      hostname: "127.0.0.1",
      port: client.port,
      socket: {
        data: (_socket, data) => receive(client, data.toString()),
        close: () => closed(client),
        error: () => {},
      },
    }).then((socket) => {
      client.socket = socket
      client.text = ""
      socket.write(
        `GET /api/events HTTP/1.1\r\nHost: docket\r\nAuthorization: Bearer ${client.token}\r\n\r\n`,
      )
    })

  async function open({ port, tokens }: { port: number; tokens: string[] }) {
    const start = performance.now()
    const fresh = tokens.map((token) => ({ token, port, text: "", retry: 1000, closed: false }))
    clients.push(...fresh)
    let left = fresh.length
    const all = Promise.withResolvers<void>()
    hello = () => {
      left -= 1
      if (left === 0) all.resolve()
    }
    // No more at once than a listening socket's queue takes.
    for (let n = 0; n < fresh.length; n += 200) await Promise.all(fresh.slice(n, n + 200).map(connect))
    await all.promise
    return performance.now() - start
  }

  async function hear(wanted: { space: string; rev: number }) {
    const all = Promise.withResolvers<void>()
    heard = { ...wanted, at: new Map(), done: all.resolve }
    await all.promise
    return { at: [...heard.at.values()] }
  }

  async function comeBack() {
    const [opened, pulled]: [number[], number[]] = [[], []]
    let failures = 0
    const all = Promise.withResolvers<void>()
    hello = async (client) => {
      opened.push(wallClock())
      const answer = await fetch(`http://127.0.0.1:${client.port}/api/sync`, {
        method: "POST",
        headers: { Authorization: `Bearer ${client.token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ v: 1, epoch: null, cursor: {}, ops: [] }),
      }).catch(() => null)
      if (answer?.status !== 200) failures += 1
      await answer?.arrayBuffer()
      pulled.push(wallClock())
      if (pulled.length === clients.length) all.resolve()
    }
    const again = async (client: Client) => {
      await Bun.sleep(client.retry)
      await connect(client).catch(() => {
        client.retry = 500 + Math.random() * 1500
        return again(client)
      })
    }
    closed = (client) => void again(client)
    await all.promise
    return { opened, pulled, failures }
  }

  process.on("message", async (question: Question) => {
    if ("open" in question) process.send!(await open(question.open))
    else if ("hear" in question) process.send!(await hear(question.hear))
    else process.send!(await comeBack())
  })
}
