import type { Letter } from "../letters.ts"

/** What one letter says. No text holds anything a person wrote: `subject` in particular never does. */
export type LetterText = {
  subject: string
  heading: string
  /** One paragraph each. */
  paragraphs: string[]
  /** A verb. Null where there is nothing to follow. */
  button: string | null
  /** How long the link is good for, or null where it is no one-use link. */
  validity: string | null
  /** Why this came, and what may be ignored. */
  reason: string
}

export type Catalogue = {
  greeting: (name: string) => string
  /** How this language's typography writes it, space before it included. */
  colon: string
  /** Introduces the link in full, for programs that show no button. */
  linkInFull: string
  letters: Record<Letter["kind"], (facts: Facts) => LetterText>
}

export type Facts = {
  /** The host that people know Docket by here, from FRONTEND_URL. */
  site: string
  /** When it happened or will happen, a moment already written out in the reader's language and time zone. */
  when: string
}
