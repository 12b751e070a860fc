import type { World } from "../world.ts"

export type VirtualWorld = World & {
  /** Lets `milliseconds` pass, with everything that happens in them. */
  pass: (milliseconds: number) => Promise<void>
  /** Lets all happen that needs no time. */
  settle: () => Promise<void>
  /** Something real (a database) works meanwhile: no time passes until it is done. */
  outside: <T>(work: Promise<T>) => Promise<T>
  /** Everything sleeps for so long: what was to happen happens after. */
  sleep: (milliseconds: number) => void
}

/** Time that passes when it is told to, and chance from a seed (mulberry32). */
export function virtualWorld(seed = 1, start = Date.parse("2026-01-01T00:00:00Z")): VirtualWorld {
  let now = start
  const timers = new Map<object, { at: number; then: () => void }>()
  const working = new Set<Promise<unknown>>()
  const settle = async () => {
    do {
      while (working.size > 0) await Promise.allSettled(working)
      await new Promise<void>((resolve) => setImmediate(resolve))
    } while (working.size > 0)
  }
  return {
    now: () => now,
    random: seededRandom(seed),
    after(milliseconds, then) {
      const timer = {}
      timers.set(timer, { at: now + Math.max(0, milliseconds), then })
      return () => timers.delete(timer)
    },
    settle,
    outside(work) {
      working.add(work)
      const done = () => working.delete(work)
      work.then(done, done)
      return work
    },
    sleep(milliseconds) {
      now += milliseconds
      for (const timer of timers.values()) timer.at += milliseconds
    },
    async pass(milliseconds) {
      const until = now + milliseconds
      await settle()
      for (;;) {
        const next = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
        if (!next) break
        timers.delete(next[0])
        now = Math.max(now, next[1].at)
        next[1].then()
        await settle()
      }
      now = until
    },
  }
}

export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
