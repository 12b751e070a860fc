import type { Queued } from "./disk.ts"
import { isReplayed, type Outbox } from "./outbox.ts"
import { BYTES_MAXIMUM, OPS_MAXIMUM } from "./protocol.ts"

/** The first ops to send, up to `most`; those that are on their way to the disk wait for it, unless `anyway`. */
export function nextBatch(outbox: Outbox, most: number, anyway: boolean): Queued[] {
  const batch: Queued[] = []
  let bytes = 0
  for (const entry of outbox.all()) {
    if (!isReplayed(entry)) continue
    if (outbox.isUnsaved(entry.op.id) && !anyway) break
    bytes += JSON.stringify(entry.op).length * 3
    if (batch.length >= Math.min(most, OPS_MAXIMUM) || (batch.length > 0 && bytes > BYTES_MAXIMUM)) break
    batch.push(entry)
  }
  return batch
}
