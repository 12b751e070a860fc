import type { Server } from "bun"
import type { Config } from "./config.ts"
import { MOST_BODY_BYTES } from "./json-body.ts"

/** The port is taken; the message is for the operator. */
export class PortBusy extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use: stop what listens there, or set PORT to another one.`)
  }
}

/** Longer than a proxy keeps its idle connections, so that it is never this side that drops one in use. */
export const IDLE_SECONDS = 120

type Served = { fetch: (request: Request) => Response | Promise<Response>; server: Server<unknown> | null }

/** Serves `app` on `PORT`. Throws `PortBusy`. */
export function listen(
  app: Served,
  config: Pick<Config, "port" | "workers" | "environment">,
): Server<unknown> {
  try {
    const server = Bun.serve({
      port: config.port,
      // What is being worked on, with its made-up secrets, is nothing for the network around it.
      ...(config.environment === "development" ? { hostname: "127.0.0.1" } : {}),
      idleTimeout: IDLE_SECONDS,
      // A backstop: Bun's own 413 is no problem document, and comes before any of our code.
      maxRequestBodySize: 4 * MOST_BODY_BYTES,
      // Two servers by mistake on one port would each get half of the requests.
      reusePort: config.workers > 1,
      fetch: app.fetch,
    })
    app.server = server
    return server
  } catch (error) {
    if ((error as { code?: unknown }).code === "EADDRINUSE") throw new PortBusy(config.port)
    throw error
  }
}

/** Workers share a port with whoever else offers to, so they would not notice that another server has it. */
export function refuseBusyPort(port: number) {
  try {
    Bun.listen({ hostname: "0.0.0.0", port, exclusive: true, socket: { data() {} } }).stop(true)
  } catch (error) {
    if ((error as { code?: unknown }).code === "EADDRINUSE") throw new PortBusy(port)
    throw error
  }
}
