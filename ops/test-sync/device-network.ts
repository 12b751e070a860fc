import { ApiProblem, NetworkFailure } from "../../client/src/api/problem.ts"
import type { News, SyncAnswer, SyncRequest } from "../../client/src/sync/protocol.ts"
import type { VirtualWorld } from "../../client/src/sync/testing/virtual-world.ts"
import type { Network } from "../../client/src/sync/transport.ts"

export type DeviceNetwork = ReturnType<typeof deviceNetwork>

type Options = {
  world: VirtualWorld
  random: () => number
  /** The server. Rejects with `ApiProblem`, or `NetworkFailure` where it is away. */
  ask: (request: SyncRequest) => Promise<SyncAnswer>
}

/** Milliseconds after which a request is given up; the server may yet get it. */
const PATIENCE = 30_000
/** Most milliseconds between the device and the server, and where that is slow. */
const LATENCY = 120
const LONG_LATENCY = 60_000
/** Most milliseconds before the event stream is open again. */
const STREAM_AGAIN = 5_000

/** A device's way to the server and back, which may lose, repeat, delay and reorder what it carries. */
export function deviceNetwork({ world, random, ask }: Options) {
  const state = {
    online: true,
    losesRequests: false,
    losesAnswers: false,
    slow: false,
    signedIn: true,
    /** The page is of a version that the server no longer speaks with. */
    tooOld: false,
  }
  /** How often all connections were cut. */
  let cuts = 0
  const listening = new Set<(news: News) => void>()
  const latency = () => random() * (state.slow ? LONG_LATENCY : LATENCY)

  function carry(request: SyncRequest, alive: () => boolean): Promise<SyncAnswer> {
    return new Promise((resolve, reject) => {
      const settled = (settle: () => void) => alive() && settle()
      const cut = cuts
      const fail = () => settled(() => reject(new NetworkFailure()))
      if (!state.online) return void world.after(random() * 50, fail)
      world.after(PATIENCE, fail)
      const arrive = () =>
        cut === cuts &&
        world.outside(
          ask(request).then(
            (answer) => {
              if (!state.online || (state.losesAnswers && random() < 0.7)) return
              world.after(latency(), () => cut === cuts && settled(() => resolve(structuredClone(answer))))
            },
            (error) => world.after(latency(), () => settled(() => reject(error))),
          ),
        )
      if (state.losesRequests && random() < 0.6) return
      world.after(latency(), arrive)
      // A proxy, or the browser itself, sends it again.
      if (state.losesRequests && random() < 0.5) world.after(latency() * 10, arrive)
    })
  }

  /** The stream was cut: something may have been missed. */
  function reconnect() {
    world.after(random() * STREAM_AGAIN, () => {
      if (state.online) for (const listener of listening) listener(null)
    })
  }

  return {
    state,
    reconnect,
    /** What is under way never arrives: the machine goes to sleep. */
    cut() {
      cuts += 1
    },
    setOnline(online: boolean) {
      if (online && !state.online) reconnect()
      state.online = online
    },
    /** What the server tells of. */
    hear(news: News) {
      world.after(latency(), () => {
        if (state.online) for (const listener of listening) listener(news)
      })
    },
    /** As a tab has it, for as long as that is `alive`. */
    open: (alive: () => boolean): Network => ({
      post(given) {
        const request = structuredClone(state.tooOld ? { ...given, v: 0 } : given)
        if (state.signedIn) return carry(request, alive)
        return new Promise((_, reject) =>
          world.after(latency(), () => alive() && reject(new ApiProblem(401, "unauthenticated"))),
        )
      },
      listen(onNews) {
        const listener = (news: News) => alive() && onNews(news)
        listening.add(listener)
        return () => listening.delete(listener)
      },
    }),
  }
}
