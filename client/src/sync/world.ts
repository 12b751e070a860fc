/**
 * What the engine takes from outside beside network, disk and other tabs. It has no clock and no chance of its own, so
 * that a simulation can run it, and run it again (ops/test-sync.ts).
 */
export type World = {
  /** This device's clock, in milliseconds since 1970. It may be wrong, and may jump. */
  now: () => number
  /** From 0 to below 1. */
  random: () => number
  /** Runs `then` after `milliseconds`, unless the function that it returns is called before. */
  after: (milliseconds: number, then: () => void) => () => void
  /** Runs `then` when what is under way is done, in the order of the calls; what was changed may be painted first. */
  soon?: (then: () => void) => void
}

const turns = new MessageChannel()
const waiting: (() => void)[] = []
turns.port1.onmessage = () => waiting.shift()?.()

/** Asked for together: each time alone takes as long. */
const chances = new Uint32Array(64)
let used = chances.length

export const browserWorld: World = {
  now: () => Date.now(),
  random() {
    if (used === chances.length) {
      crypto.getRandomValues(chances)
      used = 0
    }
    return chances[used++]! / 2 ** 32
  },
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds)
    return () => clearTimeout(timer)
  },
  soon(then) {
    waiting.push(then)
    turns.port2.postMessage(null)
  },
}
