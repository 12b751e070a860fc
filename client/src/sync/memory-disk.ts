import { type Disk, isRest, Overtaken, type Queued } from "./disk.ts"
import type { Gone } from "./protocol.ts"
import { type Entry, spaceOf } from "./rows.ts"

/** A disk for as long as the page is open, where the browser lends no other. Also what the others are held against. */
export function memoryDisk(): Disk {
  let generation = 0
  let epoch: string | null = null
  const cursor = new Map<string, string>()
  const queue = new Map<string, Queued>()
  const rows = new Map<string, Entry>()
  const at = ({ entity, space, key }: Pick<Gone, "entity" | "space" | "key">) => `${entity} ${space} ${key}`

  return {
    durable: false,
    load: async () => ({
      generation,
      epoch,
      cursor: Object.fromEntries(cursor),
      queue: [...queue.values()],
    }),
    rows: async (rest) => [...rows.values()].filter((entry) => isRest(entry) === rest),
    async commit({ queue: queued = [], unqueue = [], arrival }) {
      if (arrival && arrival.after !== generation) throw new Overtaken()
      for (const entry of queued) queue.set(entry.op.id, entry)
      for (const id of unqueue) queue.delete(id)
      if (!arrival) return
      generation += 1
      epoch = arrival.epoch
      const cleared = arrival.clear
      for (const [place, entry] of rows) {
        if (cleared === true || cleared.includes(spaceOf(entry))) rows.delete(place)
      }
      for (const space of cleared === true ? [...cursor.keys()] : cleared) cursor.delete(space)
      for (const gone of [...arrival.moved, ...arrival.gone]) rows.delete(at(gone))
      for (const entry of arrival.rows)
        rows.set(at({ entity: entry.entity, space: spaceOf(entry), key: entry.row.id }), entry)
      for (const [space, value] of Object.entries(arrival.cursor)) cursor.set(space, value)
    },
    close() {},
  }
}
