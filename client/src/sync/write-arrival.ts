import { type Commit, isRest, Overtaken } from "./disk.ts"
import { ask, type Stores } from "./indexed-request.ts"
import { spaceOf } from "./rows.ts"

/** So many rows are handed to the database at once; in between the page may answer to its person. */
const PORTION = 200

/** Writes what came from the server, inside of a transaction. Throws `Overtaken` if another tab did since. */
export async function writeArrival(stores: Stores, arrival: NonNullable<Commit["arrival"]>) {
  const { things, open, rest, cursors, facts } = stores as Required<Stores>
  const generation = ((await ask(facts!.get("generation"))) as number | undefined) ?? 0
  if (generation !== arrival.after) throw new Overtaken()
  facts!.put(generation + 1, "generation")
  facts!.put(arrival.epoch, "epoch")
  if (arrival.clear === true) for (const store of [things!, open!, rest!, cursors!]) store.clear()
  else
    for (const space of arrival.clear) {
      const all = IDBKeyRange.bound([space], [space, []])
      for (const store of [things!, open!, rest!]) store.delete(all)
      cursors!.delete(space)
    }
  for (const { entity, space, key } of [...arrival.moved, ...arrival.gone])
    for (const store of entity === "todo" ? [open!, rest!] : [things!]) store.delete([space, key])
  for (const [n, entry] of arrival.rows.entries()) {
    const at = [spaceOf(entry), entry.row.id]
    const put =
      entry.entity === "todo" ? (isRest(entry) ? rest! : open!).put(entry.row, at) : things!.put(entry, at)
    if (n % PORTION === PORTION - 1) await ask(put)
  }
  for (const [space, value] of Object.entries(arrival.cursor)) cursors!.put(value, space)
}
