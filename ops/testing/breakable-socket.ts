import { mkdtempSync, rmSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export type BreakableSocket = {
  path: string
  /** Ends every connection at once, and lets nobody connect any more. */
  cut: () => void
}

/** A socket that leads to the one at `target`, until it is cut: a network that is lost. */
export async function breakableSocket(target: string): Promise<BreakableSocket> {
  const folder = mkdtempSync(join(tmpdir(), "docket-breakable-"))
  const path = join(folder, "engine.sock")
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: target, allowHalfOpen: true })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on("error", () => other.destroy()).on("close", () => sockets.delete(socket))
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve))
  const cut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
  return { path, cut }
}
