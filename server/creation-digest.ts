import { createHash } from "node:crypto"

/**
 * SHA-256 of what a creation asked for, whatever the order of its members. The same id with the same digest
 * is the same request, sent again: it is answered with the row instead of a conflict.
 */
export function creationDigest(body: Record<string, unknown>): Buffer {
  const members = Object.entries(body)
    .filter(([name, value]) => name !== "id" && value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash("sha256").update(JSON.stringify(members)).digest()
}
