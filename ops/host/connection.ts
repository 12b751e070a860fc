import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Refusal } from "../refusal.ts"

/** Where to sign in, and which of its keys a host has to show (`knownHosts`, a file) to be taken for itself. */
export type Destination = { user: string; host: string; port: number; knownHosts: string; identity?: string }

export type Ran = { exitCode: number; stdout: string; stderr: string }

/** Seconds to wait for a host that does not answer. */
const CONNECT_SECONDS = 10
/** ssh's own exit code when it could not connect, or lost the connection. */
const SSH_FAILED = 255

/**
 * A host over OpenSSH's client. Scripts run as root, by `sudo` where the user is another. One connection is shared by
 * all of them; `fresh` makes a new one each time, as proof that one still can.
 */
export class Connection {
  private constructor(
    readonly destination: Destination,
    private readonly folder: string,
    private readonly master: Bun.Subprocess,
  ) {}

  /** Signs in, by key alone. Refuses (1) with what ssh says when that fails. */
  static async open(destination: Destination): Promise<Connection> {
    const folder = await mkdtemp(join(tmpdir(), "docket-host-"))
    const master = Bun.spawn(
      ["ssh", ...options(destination), "-M", "-N", "-S", join(folder, "socket"), target(destination)],
      { stdin: "ignore", stdout: "ignore", stderr: "ignore" },
    )
    const connection = new Connection(destination, folder, master)
    const ran = await connection.fresh("true")
    if (ran.exitCode !== 0) {
      await connection.close()
      throw new Refusal(1, cannotSignIn(destination, ran))
    }
    return connection
  }

  /** What `script` printed. Throws a `Refusal` (1) with its last words when it fails. */
  async run(script: string, seconds = 60): Promise<string> {
    const { exitCode, stdout, stderr } = await this.attempt(script, seconds)
    if (exitCode === 0) return stdout.trim()
    const lastWords = (stderr || stdout).trim().split("\n").slice(-6).join("\n")
    if (exitCode === SSH_FAILED) throw new Refusal(1, `The connection to ${this.name} was lost: ${lastWords}`)
    throw new Refusal(1, `A command failed on ${this.name} (${exitCode}):\n${lastWords}`)
  }

  /** Runs `script` as root, whatever comes of it. */
  attempt(script: string, seconds = 60): Promise<Ran> {
    return this.send(["-S", join(this.folder, "socket")], script, seconds)
  }

  /** The same over a new connection. */
  fresh(script: string): Promise<Ran> {
    return this.send(["-S", "none"], script, CONNECT_SECONDS + 10)
  }

  get name() {
    return this.destination.host
  }

  async close() {
    this.master.kill()
    await this.master.exited
    await rm(this.folder, { recursive: true, force: true })
  }

  private async send(how: string[], script: string, seconds: number): Promise<Ran> {
    const shell = this.destination.user === "root" ? "sh -seu" : "sudo -n sh -seu"
    const child = Bun.spawn(["ssh", ...options(this.destination), ...how, target(this.destination), shell], {
      stdin: Buffer.from(`export LC_ALL=C DEBIAN_FRONTEND=noninteractive\n${script}\n`),
      stdout: "pipe",
      stderr: "pipe",
      timeout: seconds * 1000,
    })
    const [stdout, stderr, exitCode] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    const late = child.signalCode === "SIGTERM" ? `No answer within ${seconds} s.\n` : ""
    return { exitCode, stdout, stderr: stderr + late }
  }
}

/** `text` as one word of a shell. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

const target = ({ user, host }: Destination) => `${user}@${host}`

const options = ({ port, knownHosts, identity }: Destination) => [
  ...["-p", `${port}`, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"],
  ...["-o", `UserKnownHostsFile=${knownHosts}`, "-o", "GlobalKnownHostsFile=none", "-o", "UpdateHostKeys=no"],
  ...[
    "-o",
    `ConnectTimeout=${CONNECT_SECONDS}`,
    "-o",
    "ServerAliveInterval=5",
    "-o",
    "ServerAliveCountMax=3",
  ],
  ...(identity ? ["-i", identity, "-o", "IdentitiesOnly=yes"] : []),
]

function cannotSignIn({ user, host, port, knownHosts }: Destination, { stderr }: Ran): string {
  const said = stderr.trim().split("\n").slice(-1)[0]
  const cure = /REMOTE HOST IDENTIFICATION|Host key verification/.test(stderr)
    ? `Its host key is not the one in ${knownHosts}. If the host was made anew, remove that file; otherwise somebody may be in between.`
    : /Permission denied/.test(stderr)
      ? "Put your public key on it first (ssh-copy-id), or name the private one with --identity: passwords are not used."
      : /sudo/.test(stderr)
        ? `${user} must be root, or may use sudo without a password.`
        : "Is it up, and is its SSH port open to you?"
  return `Can't sign in as ${user} at ${host}, port ${port}: ${said}\n${cure}`
}
