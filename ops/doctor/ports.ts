import { connect } from "node:net"
import { networkInterfaces } from "node:os"
import { type Finding, ok, problem, unknown } from "./finding.ts"

/** What must not be reached from outside, and who would be behind it. */
const CLOSED: Record<number, string> = {
  2375: "the Docker engine, which is root to whoever asks",
  2377: "the Swarm's managers",
  5432: "PostgreSQL",
  7946: "the Swarm's gossip",
  8000: "the server past Traefik",
}
/** Milliseconds after which a port that says nothing is taken to be filtered. */
const PATIENCE = 3_000

type Look = (host: string, port: number) => Promise<"open" | "closed" | "silent">

type Ports = {
  https?: number
  http?: number
  /** Whether the host is the operator's own, whose other ports matter. */
  ownHost?: boolean
  look?: Look
}

/** Whether people can come in at `host` (an address), and nobody elsewhere. */
export async function checkPorts(
  host: string,
  { https = 443, http = 80, ownHost = true, look = lookAt }: Ports = {},
): Promise<Finding[]> {
  const needed = await Promise.all([http, https].map(async (port) => ({ port, is: await look(host, port) })))
  const open = needed.map(({ port, is }) =>
    is === "open"
      ? ok("ports", `${host}:${port} is open.`)
      : problem(
          "ports",
          `${host}:${port} is ${is === "closed" ? "closed" : "not reached"}, so ${port === https ? "nobody comes in" : "certificates cannot be issued, and links without https lead nowhere"}.`,
          `Open ${port} in the provider's firewall and the host's, and see that Traefik runs: bun run ops status.`,
        ),
  )
  if (!ownHost) return open
  if (isOwn(host))
    return [
      ...open,
      unknown(
        "ports",
        `${host} is this machine itself, from where it cannot be seen what is closed to others.`,
        "Run this from another machine.",
      ),
    ]
  const looked = await Promise.all(
    Object.entries(CLOSED).map(async ([port, what]) => ({ port, what, is: await look(host, Number(port)) })),
  )
  const exposed = looked
    .filter(({ is }) => is === "open")
    .map(({ port, what }) =>
      problem(
        "ports",
        `${host}:${port} is open to the outside: ${what}.`,
        "Close it in the host's firewall, which bun run ops setup-host sets up (published ports bypass ufw).",
      ),
    )
  return exposed.length > 0
    ? [...open, ...exposed]
    : [...open, ok("ports", `${Object.keys(CLOSED).join(", ")} are closed to the outside.`)]
}

const isOwn = (host: string) =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host))

const lookAt: Look = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE })
    const settle = (is: "open" | "closed" | "silent") => {
      socket.destroy()
      resolve(is)
    }
    socket.on("connect", () => settle("open"))
    socket.on("timeout", () => settle("silent"))
    socket.on("error", (error: NodeJS.ErrnoException) =>
      settle(error.code === "ECONNREFUSED" ? "closed" : "silent"),
    )
  })
