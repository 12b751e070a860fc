import type { Commit, Disk } from "../../client/src/sync/disk.ts"
import { memoryDisk } from "../../client/src/sync/memory-disk.ts"
import type { VirtualWorld } from "../../client/src/sync/testing/virtual-world.ts"

export type DeviceDisk = ReturnType<typeof deviceDisk>

type Options = {
  world: VirtualWorld
  random: () => number
  /** The disk has it: it must never be lost. */
  onKept: (commit: Commit) => void
}

/** Most milliseconds that the disk takes. */
const LATENCY = 20

/**
 * A device's disk, which its tabs share: commits are done one after the other, each wholly or not at all, and take a while.
 * It may be full, or broken. What a tab that was killed was about to write is written, or isn't.
 */
export function deviceDisk({ world, random, onKept }: Options) {
  let inner = memoryDisk()
  let full = false
  let broken = false
  let busyUntil = 0

  /** Does `work` when the disk comes to it, and tells `alive` tabs of it a moment later. */
  function inTurn<T>(alive: () => boolean, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      busyUntil = Math.max(busyUntil, world.now()) + random() * LATENCY
      world.after(busyUntil - world.now(), () => {
        if (!alive() && random() < 0.5) return
        const told = (tell: () => void) => world.after(random() * 2, () => alive() && tell())
        work().then(
          (result) => told(() => resolve(result)),
          (error) => told(() => reject(error)),
        )
      })
    })
  }

  return {
    setFull: (is: boolean) => {
      full = is
    },
    /** What it holds of the rows can no longer be read. */
    break: () => {
      broken = true
    },
    held: () => inner.load(),
    rows: async () => [...(await inner.rows(false)), ...(await inner.rows(true))],

    /** As a tab has it, for as long as that is `alive`. */
    async open(alive: () => boolean, mend: boolean): Promise<Disk> {
      if (mend && broken) {
        const { queue } = await inTurn(alive, () => inner.load())
        inner = memoryDisk()
        broken = false
        await inner.commit({ queue })
      }
      const read = <T>(work: () => Promise<T>) =>
        inTurn(alive, async () => {
          if (broken) throw new Error("The database cannot be read.")
          return structuredClone(await work())
        })
      return {
        durable: true,
        load: () => read(() => inner.load()),
        rows: (rest) => read(() => inner.rows(rest)),
        commit: (given) => {
          const commit = structuredClone(given)
          return inTurn(alive, async () => {
            if (full) throw new Error("The quota is used up.")
            await inner.commit(commit)
            onKept(commit)
          })
        },
        close() {},
      }
    },
  }
}
