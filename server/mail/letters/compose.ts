import type { Letter } from "../letters.ts"
import type { Catalogue, LetterText } from "./catalogue.ts"
import { catalogues, type Language } from "./languages.ts"
import { layOut } from "./layout.ts"

export type Occasion = {
  kind: Letter["kind"]
  language: Language
  /** The reader's name, or null where the address isn't known to be theirs: a stranger could have chosen it. */
  name: string | null
  /** Where the button leads, where there is one. */
  link: string
  /** FRONTEND_URL: where Docket is, for the reader. */
  frontendUrl: string
  /** The moment that the letter speaks of, ISO 8601. */
  moment: string
  /** IANA time zone that the moment is written out in. */
  timeZone: string
}

export type Composed = { subject: string; text: string; html: string }

/** Writes a letter in the reader's language, as HTML and as plain text that say the same. */
export function composeLetter(occasion: Occasion): Composed {
  const { kind, language, name, link, frontendUrl } = occasion
  const catalogue = catalogues[language]
  const site = new URL(frontendUrl).host
  const letter = catalogue.letters[kind]({ site, when: written(occasion) })
  const greeting = name === null ? null : catalogue.greeting(name)
  return {
    subject: letter.subject,
    text: plainText(letter, { greeting, link, catalogue }),
    html: layOut(letter, { greeting, link, language, site, linkInFull: catalogue.linkInFull }),
  }
}

/** A zone that this runtime doesn't know (it was checked by another) is no reason not to send. */
function written({ moment, timeZone, language }: Occasion): string {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(language, {
      year: "numeric",
      month: "long",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      // The reader's own zone needs no name; who never told theirs reads UTC, and should know.
      timeZoneName: timeZone === "UTC" ? "short" : undefined,
      timeZone,
    }).format(new Date(moment))
  try {
    return format(timeZone)
  } catch {
    return format("UTC")
  }
}

function plainText(
  { heading, paragraphs, button, validity, reason }: LetterText,
  { greeting, link, catalogue }: { greeting: string | null; link: string; catalogue: Catalogue },
): string {
  const parts = [
    heading,
    ...(greeting ? [greeting] : []),
    ...paragraphs,
    // The link stands alone on its line, so that no program takes punctuation into it.
    ...(button ? [`${button}${catalogue.colon}\n${link}`] : []),
    ...(validity ? [validity] : []),
    `-- \n${reason}`,
  ]
  return `${parts.join("\n\n")}\n`
}
