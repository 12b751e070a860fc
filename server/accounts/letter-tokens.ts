import { createHash, randomBytes } from "node:crypto"

/** A one-use secret that travels in a letter's link. `token` goes out; only `hash` is ever stored. */
export type LetterToken = { token: string; hash: Buffer }

/** Makes a token of 256 random bits, as 43 characters of base64url (RFC 4648, section 5). */
export function makeToken(): LetterToken {
  const token = randomBytes(32).toString("base64url")
  return { token, hash: hashToken(token) }
}

/**
 * SHA-256 of the token's text, 32 bytes: what `letter_tokens.hash` holds. A fast hash is enough, since 256 random
 * bits cannot be guessed from it.
 */
export const hashToken = (token: string): Buffer => createHash("sha256").update(token).digest()

/** Seconds a token is good for, by what it is for. */
export const LETTER_TOKEN_SECONDS = {
  "verify-email": 24 * 3600,
  "change-email": 24 * 3600,
  "reset-password": 3600,
} as const

export type LetterTokenPurpose = keyof typeof LETTER_TOKEN_SECONDS
