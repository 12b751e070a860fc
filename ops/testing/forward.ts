import { connect, createServer, type Server } from "node:net"

/**
 * Makes `port` of this machine's loopback lead to `address`, unless it is answered already: an engine on another machine
 * calls its registry 127.0.0.1, and programs that run here have to reach it by the same name. Dispose of it at the end.
 */
export async function forwardLoopback(port: number, address: string): Promise<AsyncDisposable> {
  if (await answers(port, "127.0.0.1")) return { [Symbol.asyncDispose]: async () => {} }
  const sockets = new Set<{ destroy(): void }>()
  const server: Server = createServer((near) => {
    const far = connect(port, address)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on("error", () => other.destroy()).on("close", () => sockets.delete(socket))
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, "127.0.0.1", resolve),
  )
  return {
    [Symbol.asyncDispose]: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false))
    socket.once("connect", () => socket.destroy())
  })
}
