import { type Commit, isRest, Overtaken } from "./disk.ts"
import { ask, type Stores } from "./indexed-request.ts"
import { spaceOf } from "./rows.ts"

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
  for (const entry of arrival.rows) {
    const at = [spaceOf(entry), entry.row.id]
    if (entry.entity !== "todo") things!.put(entry, at)
    else {
      const [to, from] = isRest(entry) ? [rest!, open!] : [open!, rest!]
      from.delete(at)
      to.put(entry.row, at)
    }
  }
  for (const [space, value] of Object.entries(arrival.cursor)) cursors!.put(value, space)
}
