import { openStream, post } from "../api/authorised.ts"
import { followEvents } from "./events.ts"
import { noting } from "./failures.ts"
import type { SyncAnswer } from "./protocol.ts"
import type { Network } from "./transport.ts"
import { browserWorld } from "./world.ts"

/** The server, by HTTP: requests with the access token, and the event stream. */
export const network: Network = {
  post: (request) => noting("sync", post<SyncAnswer>("/api/sync", request)),
  listen: (onNews) =>
    followEvents({
      world: browserWorld,
      connect: (signal) => noting("events", openStream("/api/events", signal)),
      onNews,
    }),
}
