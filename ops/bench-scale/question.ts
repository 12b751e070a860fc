/** What the client (client.ts) is asked to do, as the argument of its command. */
export type Question =
  | { do: "seed"; people: number }
  | { do: "load"; origin: string; request: "live" | "list" | "create"; seconds: number }
  | { do: "streams"; origin: string; count: number; holdSeconds: number }

/** What it says of a load; latencies in milliseconds. */
export type LoadAnswer = { requests: number; elapsed: number; p50: number; p99: number }

/** What it says once every stream is open; `refused` times one had to come again. */
export type StreamsAnswer = { openedAfterSeconds: number; refused: number }
