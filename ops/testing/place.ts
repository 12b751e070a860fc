import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { removeAll } from "./engine.ts"

export type Place = {
  /** What the names of this run's containers, networks and volumes begin with. */
  prefix: string
  /** For what is written on this machine. */
  folder: string
}

/**
 * Does `work` in a place of its own, of which nothing is left afterwards, at Ctrl-C neither. What killed runs of the same
 * `family` have left on the engine goes first.
 */
export async function withPlace(family: string, work: (place: Place) => Promise<void>) {
  await removeAll(`${family}-`)
  const place = {
    prefix: `${family}-${process.pid}`,
    folder: await mkdtemp(join(tmpdir(), `${family}-`)),
  }
  let ending: Promise<void> | undefined
  const end = () => {
    ending ??= (async () => {
      await removeAll(`${place.prefix}-`)
      await rm(place.folder, { recursive: true, force: true })
    })()
    return ending
  }
  const stop = () => void end().finally(() => process.exit(1))
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop)
  try {
    await work(place)
  } finally {
    await end()
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, stop)
  }
}
