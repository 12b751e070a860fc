import { type ChildProcess, spawn } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export type DialSocket = {
  /** Of the local socket; each connection to it becomes one to the daemon. */
  path: string
  /** The environment in which `docker` means the same engine. */
  variables: Record<string, string>
  /** What the last connection that failed said of it, or nothing. */
  complaint: () => string | undefined
  close: () => Promise<void>
}

/** Characters that are kept of what a connection says when it fails. */
const MOST_COMPLAINT = 500

/**
 * Listens on a socket in a folder of its own (0700). Each connection is piped to a `docker system dial-stdio`, which
 * is how Docker's own client reaches a daemon through SSH (docker/cli, cli/connhelper). Each of these is in a session
 * of its own: Ctrl-C does not end it, and SSH has no terminal to ask a question on, so it fails rather than waits.
 * `further` are variables that `docker` needs besides, such as a PATH with another ssh.
 */
export async function openDialSocket(
  host: string | undefined,
  further: Record<string, string> = {},
): Promise<DialSocket> {
  const folder = mkdtempSync(join(tmpdir(), "docket-engine-"))
  chmodSync(folder, 0o700)
  const path = join(folder, "docker.sock")
  const variables: Record<string, string> = { ...further, ...(host !== undefined && { DOCKER_HOST: host }) }
  const children = new Set<ChildProcess>()
  let complaint: string | undefined

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const child = dial(socket, { ...process.env, ...variables })
    children.add(child)
    let said = ""
    child.stderr?.on("data", (chunk) => {
      said = (said + chunk).slice(-MOST_COMPLAINT)
    })
    child.on("close", (code) => {
      children.delete(child)
      if (code !== 0 && said.trim()) complaint = said.trim()
    })
  })
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  process.once("exit", removeFolder)
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve))
  return {
    path,
    variables,
    complaint: () => complaint,
    close: async () => {
      for (const child of children) hangUp(child)
      server.close()
      process.off("exit", removeFolder)
      removeFolder()
    },
  }
}

function dial(socket: Socket, env: Record<string, string | undefined>): ChildProcess {
  const child = spawn("docker", ["system", "dial-stdio"], { env, detached: true, stdio: "pipe" })
  socket.pipe(child.stdin)
  child.stdout.pipe(socket)
  // Whichever side ends first takes the other with it; that a write then fails is no news.
  for (const stream of [socket, child.stdin, child.stdout]) stream.on("error", () => {})
  socket.on("close", () => hangUp(child))
  child.on("error", () => socket.destroy())
  child.on("close", () => socket.destroy())
  return child
}

/** It takes no notice of SIGTERM while its input is open. */
function hangUp(child: ChildProcess) {
  child.stdin?.destroy()
  child.kill()
}
