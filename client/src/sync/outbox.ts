import { createSignal } from "solid-js"
import type { Op, Row } from "./rows.ts"

/** What became of an attempt to send an op. */
export type Outcome =
  /** The server took it; the row as it is now, if it answered with one. */
  | { kind: "taken"; row: Row | undefined }
  /** The server will never take it. `problem` says why. */
  | { kind: "refused"; problem: unknown }
  /** Nobody is signed in. Kept until `resume`. */
  | { kind: "signed-out" }
  /** No answer, or one that asks for patience; `afterMs` when it says how long. */
  | { kind: "later"; afterMs?: number; offline: boolean }

export type Send = (op: Op) => Promise<Outcome>

export type OutboxState = "idle" | "saving" | "offline" | "signed-out"

type Options = {
  send: Send
  taken: (op: Op, row: Row | undefined) => void
  /** The first is what the server refused, the others went with it because they needed it. */
  refused: (ops: Op[], problem: unknown) => void
  /** Milliseconds before try `attempt` (1, 2, …) after one without an answer. */
  delay?: (attempt: number) => number
}

const AT_ONCE = 6
const backoff = (attempt: number) => Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2)

/**
 * Sends ops in order, those of different rows side by side. An op waits for earlier ones on its row and, where it names a
 * list, on that list. One without an answer is sent again until there is one: nothing is given up for a lost network.
 */
export function createOutbox({ send, taken, refused, delay = backoff }: Options) {
  let queue: Op[] = []
  const underWay = new Set<Op>()
  const [state, setState] = createSignal<OutboxState>("idle")
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let paused = false

  const neededBy = (op: Op) =>
    op.entity === "todo" && op.fields.listId ? [op.key, op.fields.listId] : [op.key]

  const isFree = (op: Op, index: number) => {
    const keys = neededBy(op)
    return !underWay.has(op) && !queue.slice(0, index).some((earlier) => keys.includes(earlier.key))
  }

  const next = () => {
    if (underWay.size >= AT_ONCE) return undefined
    // Looking no further than this keeps a long queue cheap; what is beyond is soon within.
    const limit = Math.min(queue.length, 64)
    for (let index = 0; index < limit; index++) {
      const op = queue[index]!
      if (isFree(op, index)) return op
    }
    return undefined
  }

  function pump() {
    if (paused) return
    for (let op = next(); op; op = next()) {
      underWay.add(op)
      void deliver(op)
    }
    if (attempt === 0) setState(queue.length > 0 ? "saving" : "idle")
  }

  async function deliver(op: Op) {
    let outcome: Outcome
    try {
      outcome = await send(op)
    } catch (problem) {
      outcome = { kind: "refused", problem }
    }
    underWay.delete(op)
    // `clear` was called in between.
    if (!queue.includes(op)) return
    if (outcome.kind === "later") return wait(outcome)
    if (outcome.kind === "signed-out") return pause()
    attempt = 0
    if (outcome.kind === "taken") {
      queue = queue.filter((other) => other !== op)
      taken(op, outcome.row)
    } else {
      const dropped = withDependents(op)
      queue = queue.filter((other) => !dropped.includes(other))
      refused(dropped, outcome.problem)
    }
    if (!timer) pump()
  }

  /** What cannot be without a row that never came to be. */
  function withDependents(op: Op): Op[] {
    if (!op.creates) return [op]
    const missing = new Set([op.key])
    const dropped = [op]
    for (const other of queue) {
      if (other === op || underWay.has(other) || !neededBy(other).some((key) => missing.has(key))) continue
      dropped.push(other)
      if (other.creates) missing.add(other.key)
    }
    return dropped
  }

  function wait({ afterMs, offline }: { afterMs?: number; offline: boolean }) {
    if (offline) setState("offline")
    paused = true
    if (timer) return
    attempt += 1
    timer = setTimeout(resume, afterMs ?? delay(attempt))
  }

  function pause() {
    paused = true
    setState("signed-out")
  }

  /** Tries again now: the network is back, or the person is. */
  function resume() {
    clearTimeout(timer)
    timer = undefined
    paused = false
    pump()
  }

  return {
    /** Reactive. */
    state,
    push(ops: readonly Op[]) {
      queue.push(...ops)
      pump()
    },
    resume,
    /** Forgets what was not sent. */
    clear() {
      clearTimeout(timer)
      timer = undefined
      queue = []
      underWay.clear()
      paused = true
    },
  }
}
