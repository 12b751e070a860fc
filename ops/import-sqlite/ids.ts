import { createHash } from "node:crypto"

/**
 * The id of what stands under `key` in the source: always the same one, so that an import finds what an earlier one
 * made. A UUIDv8 of SHA-256, as RFC 9562 shows in appendix B.2. `source` is the map's own name for the application.
 */
export function derivedId(source: string, noun: string, key: string): string {
  const bytes = createHash("sha256")
    .update(`docket import\n${source}\n${noun}\n${key}`)
    .digest()
    .subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
