import { positionBetween } from "../../../server/lists/position-between.ts"
import type { Change, Colour, List } from "../sync/rows.ts"
import { COLOURS } from "../sync/rows.ts"
import type { Sync } from "../sync/sync.ts"
import { uuidv7 } from "../sync/uuid.ts"

/** What people do to lists, as changes for `Sync.mutate`. */

export const NAME_MAXIMUM = 100

export const edit = (id: string, fields: Partial<List>): Change[] => [{ entity: "list", key: id, fields }]

export const archive = (id: string) => edit(id, { archivedAt: new Date().toISOString() })
export const unarchive = (id: string) => edit(id, { archivedAt: null })
export const trash = (id: string) => edit(id, { trashedAt: new Date().toISOString() })
export const restore = (id: string) => edit(id, { trashedAt: null })

/** A new list after all others, in the first colour that the fewest of them have. */
export function add(sync: Sync, name: string): Change[] {
  const ids = sync.lists()
  const position = positionBetween(positionOf(sync, ids.at(-1)), null)
  return [
    { entity: "list", key: uuidv7(), fields: { name, colour: rarestColour(sync), position }, creates: true },
  ]
}

/** To the place right before `before`; to the end if that is null. */
export function place(sync: Sync, id: string, before: string | null): Change[] {
  if (before === id) return []
  const others = sync.lists().filter((other) => other !== id)
  const at = before === null ? others.length : others.indexOf(before)
  if (at < 0) return []
  const above = positionOf(sync, others[at - 1])
  // Two devices may have chosen the same position; there is no room between those, only after them.
  const below = others.slice(at).find((other) => above === null || positionOf(sync, other)! > above)
  return edit(id, { position: positionBetween(above, positionOf(sync, below)) })
}

function rarestColour(sync: Sync): Colour {
  const used = new Map<Colour, number>()
  for (const id of sync.lists()) {
    const { colour } = sync.list(id)!
    used.set(colour, (used.get(colour) ?? 0) + 1)
  }
  // Grey is for those who want none.
  const [, ...colours] = COLOURS
  return colours.reduce(
    (rarest, colour) => ((used.get(colour) ?? 0) < (used.get(rarest) ?? 0) ? colour : rarest),
    "blue",
  )
}

const positionOf = (sync: Sync, id: string | undefined) => (id && sync.list(id)?.position) || null
