import type { Letter } from "../mail/letters.ts"
import type { Addressee } from "./letter-queries.ts"
import type { LetterTokenPurpose } from "./letter-tokens.ts"

/** Where a letter goes, and what is particular to it. */
export type Purpose = {
  to: string
  /** Of the page, below FRONTEND_URL. */
  path: string
  /** What the token in the link is for; null where the link is no secret. */
  token: LetterTokenPurpose | null
  /** Whether the address is known to be the account's own, so that its name may stand in the letter. */
  toOwner: boolean
  /** The moment that the letter speaks of; null where it speaks of none. */
  moment: string | null
}

/**
 * What a letter of this kind is for as the account is now, or null when that has lapsed since it was queued: the
 * address was confirmed meanwhile, the change was withdrawn, the deletion was called off.
 */
export function purposeOf(kind: Letter["kind"], account: Addressee): Purpose | null {
  const owner = { to: account.email, token: null, toOwner: account.emailVerifiedAt !== null, moment: null }
  const stranger = { toOwner: false, moment: null }
  switch (kind) {
    case "verify-email":
      return account.emailVerifiedAt
        ? null
        : { ...stranger, to: account.email, path: "/verify", token: "verify-email" }
    case "reset-password":
      return { ...owner, path: "/reset", token: "reset-password" }
    case "change-email":
      return account.pendingEmail
        ? { ...stranger, to: account.pendingEmail, path: "/verify", token: "change-email" }
        : null
    case "password-changed":
      return { ...owner, path: "/forgot", moment: account.passwordChangedAt }
    case "email-changed":
      return account.previousEmail ? { ...owner, to: account.previousEmail, path: "/", toOwner: true } : null
    case "registration-attempted":
      return { ...owner, path: "/sign-in" }
    case "deletion-scheduled":
      return account.deletesAt ? { ...owner, path: "/settings/data", moment: account.deletesAt } : null
  }
}
