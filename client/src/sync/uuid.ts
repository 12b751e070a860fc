/** A UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, then 74 random bits. */
export function uuidv7(now = Date.now(), bytes = crypto.getRandomValues(new Uint8Array(16))): string {
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}
