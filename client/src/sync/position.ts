import type { Cursor } from "./protocol.ts"

/** What memory holds of the server. */
export type Position = {
  /** How often memory was read anew from the disk: what was asked or to be written of before is void. */
  reading: number
  /** As of which arrival (`Held.generation`). */
  generation: number
  /** Of which database. */
  epoch: string | null
  /** How far. */
  cursor: Cursor
  /** The latest arrival, by a number of its own, if that is not on the disk. */
  unwritten: number | null
  /** Ids of ops that are done with, and may still be on the disk. */
  undropped: Set<string>
}

/** Moves on to where an answer leads. */
export function follow(position: Position, epoch: string, values: Cursor, clear: string[] | true) {
  const left =
    clear === true ? [] : Object.entries(position.cursor).filter(([space]) => !clear.includes(space))
  position.epoch = epoch
  position.cursor = { ...Object.fromEntries(left), ...values }
}
