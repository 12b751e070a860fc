/** What is written to event streams (text/event-stream, WHATWG HTML, "Server-sent events"), as bytes. */

const encoder = new TextEncoder()

/** A comment: keeps proxies from taking the connection for dead, and tells this side when it is. */
export const HEARTBEAT = encoder.encode(":\n\n")

const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** The space is at `rev` now. */
export const changeEvent = (space: string, rev: number) => encoder.encode(event("change", { space, rev }))

/** The account has become a member of a space, or is one no longer. */
export const SPACES_EVENT = encoder.encode(event("spaces", {}))

/** First of all: how long to wait before connecting again, in milliseconds, and the database's epoch. */
export const helloEvent = (retry: number, epoch: string) =>
  encoder.encode(`retry: ${retry}\n${event("hello", { epoch })}`)

/**
 * Why a stream ends. `restart`: this server stops, another one or the next one is there by then. `signed-out`: the
 * session is over. `superseded`: the account has opened many streams since.
 */
export type ByeReason = "restart" | "signed-out" | "superseded"

/** Last of all: when to come again, in milliseconds. */
export const byeEvent = (reason: ByeReason, retryMs: number) =>
  encoder.encode(`retry: ${retryMs}\n${event("bye", { reason, retryMs })}`)
