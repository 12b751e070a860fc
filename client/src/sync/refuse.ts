import type { Queued } from "./disk.ts"
import { isReplayed, type Outbox } from "./outbox.ts"
import type { Refusal } from "./protocol.ts"
import type { Op } from "./rows.ts"
import type { Store } from "./store.ts"

/** What `refused` says of ops, and of those that need a row which now never comes to be, unless `taken` has them. */
export function refuse(
  outbox: Outbox,
  store: Store,
  refused: ReadonlyMap<string, Refusal>,
  taken: ReadonlySet<string> = new Set(),
): Queued[] {
  const missing = new Set<string>()
  return outbox.all().flatMap((entry) => {
    const { op } = entry
    if (!isReplayed(entry) || taken.has(op.id)) return []
    const problem: Refusal | undefined =
      refused.get(op.id) ??
      (needs(op).some((key) => missing.has(key)) ? { code: "needs-refused" } : undefined)
    if (!problem) return []
    if (op.creates && !store.isKnown(op.entity, op.key)) missing.add(op.key)
    return [{ ...entry, problem }]
  })
}

/** Names of rows that an op cannot do without. */
const needs = (op: Op) => (op.entity === "todo" && op.fields.listId ? [op.key, op.fields.listId] : [op.key])
