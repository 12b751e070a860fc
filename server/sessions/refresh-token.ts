import { createHash, randomBytes } from "node:crypto"

/**
 * What a refresh token is made of: the session's id, a secret that all tokens of the session share, and 256 random
 * bits of its own. The family lets a token that was used up long ago be known as such without a row for each.
 */
export type RefreshToken = { sessionId: string; family: Buffer; hash: Buffer }

const ID_BYTES = 16
const FAMILY_BYTES = 16
const OWN_BYTES = 32
const ALL_BYTES = ID_BYTES + FAMILY_BYTES + OWN_BYTES

/** The secret of a new session's tokens. */
export const makeFamily = (): Buffer => randomBytes(FAMILY_BYTES)

/** A new token of the session, as 86 characters of base64url, and the hash that is stored of it. */
export function makeRefreshToken(sessionId: string, family: Buffer): { token: string; hash: Buffer } {
  const id = Buffer.from(sessionId.replaceAll("-", ""), "hex")
  const token = Buffer.concat([id, family, randomBytes(OWN_BYTES)]).toString("base64url")
  return { token, hash: sha256(token) }
}

/** Takes a token apart, or returns null for what never was one. */
export function readRefreshToken(token: string): RefreshToken | null {
  const bytes = Buffer.from(token, "base64url")
  if (bytes.length !== ALL_BYTES || bytes.toString("base64url") !== token) return null
  const id = bytes.subarray(0, ID_BYTES).toString("hex")
  return {
    sessionId: id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    family: bytes.subarray(ID_BYTES, ID_BYTES + FAMILY_BYTES),
    hash: sha256(token),
  }
}

/** Enough for random bits: nothing can be guessed from it. */
export const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest()
